-- Makes what rises and falls beyond chance over the runs of one audience, the surest first, at most $rows.
-- From: momentum, ranked_partners. Grain: one row per account × quantity.

SELECT
    trends.*,
    partners.rank,
    count(*) OVER () AS trends_in_all
FROM momentum AS trends
LEFT JOIN ranked_partners AS partners
    ON partners.audience = trends.audience AND partners.account_id = trends.account_id
WHERE trends.audience = $audience AND trends.run_id = $run_id AND trends.direction IN ('rising', 'falling')
ORDER BY abs(trends.z) DESC NULLS LAST, partners.rank NULLS LAST, trends.account_id, trends.quantity
LIMIT $rows::BIGINT
