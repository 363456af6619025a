-- Makes: the rejects to show first: one example of each kind, then second examples. Kinds of the tables that stop
-- a run come first, what cost a whole row before what emptied one value, the most frequent before the rare.
-- Grain: one row per reject, at most $shown. From: `rejects`; $stopping names the tables with more rejected rows
-- than the limit, $required the columns (`table.column`) without which a row is rejected.
WITH numbered AS (
    SELECT
        *,
        list_contains($stopping, table_name) AS is_stopping,
        column_name IS NULL OR list_contains($required, table_name || '.' || column_name) AS costs_the_row,
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
ORDER BY example, is_stopping DESC, costs_the_row DESC, alike DESC, table_name, column_name, rule
LIMIT $shown
