-- The accounts that people have judged and whose judgement stands, each once. Where delivered labels contradict each
-- other and nobody decided, none stands: a judgement in dispute is no ground to stand on.
-- From: reviews. Grain: one row per judged account of the network.
SELECT
    node,
    label = 'shill' AS is_shill
FROM reviews
WHERE is_current AND node IS NOT NULL
ORDER BY node
