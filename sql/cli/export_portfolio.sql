-- Makes the portfolios for export, of one audience or, where it is NULL, of all.
-- From: portfolio, latest_runs. Grain: one row per audience × plan × pick, in order.

SELECT
    portfolio.* EXCLUDE (run_id),
    ranked_partners.display_name,
    ranked_partners.status,
    ranked_partners.status_reason,
    ranked_partners.trust,
    ranked_partners.shill_probability
FROM portfolio
LEFT JOIN ranked_partners
    ON ranked_partners.audience = portfolio.audience AND ranked_partners.account_id = portfolio.account_id
WHERE
    (portfolio.run_id, portfolio.audience) IN (SELECT (latest.run_id, latest.audience) FROM latest_runs AS latest)
    AND ($audience::VARCHAR IS NULL OR portfolio.audience = $audience::VARCHAR)
ORDER BY portfolio.audience, portfolio.plan, portfolio.pick
