-- Makes how many candidates each size tier has in the ranking that one run made for one audience.
-- From: partner_rankings.
-- Grain: one row per size tier, the most frequent first.

SELECT coalesce(size_tier, 'unknown') AS size_tier, count(*) AS candidates
FROM partner_rankings
WHERE run_id = $run_id AND audience = $audience
GROUP BY ALL
ORDER BY candidates DESC, size_tier
