-- Makes: how many of the first distinct values of one column occur in another, and how many there are.
-- Grain: one row. From: `ours` (v) and `theirs` (v).
WITH few AS (
    SELECT DISTINCT v
    FROM ours
    WHERE v IS NOT NULL
    LIMIT 1000
)

SELECT
    count(*) FILTER (v IN (SELECT v FROM theirs)) AS shared,
    count(*) AS looked_at
FROM few
