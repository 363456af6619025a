-- Makes: how many rows of one table were merged into another row of the same key. Grain: one row.
-- From: `staged`.
SELECT coalesce(sum(rows_alike - 1), 0) AS rows_merged
FROM (
    SELECT count(*) AS rows_alike
    FROM staged
    WHERE NOT is_rejected AND NOT is_after
    GROUP BY merge_key
    HAVING count(*) > 1
)
