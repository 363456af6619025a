-- Makes: how many of the first distinct values of one column are written as handles, with an @ or as the address of a
-- profile, and how many are the handle of a known account. Grain: one row.
-- From: `ours` (v) and `theirs` (v), the known handles.
WITH few AS (
    SELECT DISTINCT v
    FROM ours
    WHERE v IS NOT NULL
    LIMIT 1000
)

SELECT
    count(*) AS looked_at,
    count(*) FILTER (handle_value(v) <> v) AS as_handles,
    count(*) FILTER (handle_key(v) IN (SELECT handle_key(v) FROM theirs)) AS known
FROM few
