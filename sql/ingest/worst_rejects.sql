-- Makes: the rejects to show first: one example of each kind, the most frequent kind first, then second examples.
-- Grain: one row per reject, at most $shown. From: `rejects`.
WITH numbered AS (
    SELECT
        *,
        count(*) OVER (PARTITION BY table_name, column_name, rule) AS alike,
        row_number() OVER (PARTITION BY table_name, column_name, rule ORDER BY file, line, value) AS example
    FROM rejects
)

SELECT
    table_name,
    file,
    line,
    coalesce(column_name, '') AS column_name,
    coalesce(value, '') AS value,
    rule,
    alike
FROM numbered
ORDER BY example, alike DESC, table_name, column_name, rule
LIMIT $shown
