-- Makes: the most frequent values of one column. Grain: one row per value, at most twenty.
-- From: `ours` (v).
SELECT
    v,
    count(*) AS occurrences
FROM ours
WHERE v IS NOT NULL
GROUP BY v
ORDER BY occurrences DESC, v
LIMIT 20
