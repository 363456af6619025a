-- Makes the ranking that one run made for one audience.
-- From: partner_rankings. Grain: one row per candidate, best first.

SELECT *
FROM partner_rankings
WHERE run_id = $run_id AND audience = $audience
ORDER BY rank NULLS LAST, account_id
