-- Makes: the optional columns of which values were refused, the most often first. Grain: one row per table.
-- From: `rejects`; $required names the columns (`table.column`) without which a row is rejected.
SELECT
    table_name,
    list(column_name ORDER BY refused DESC, column_name) AS columns
FROM (
    SELECT
        table_name,
        column_name,
        count(*) AS refused
    FROM rejects
    WHERE column_name IS NOT NULL AND NOT list_contains($required, table_name || '.' || column_name)
    GROUP BY table_name, column_name
)
GROUP BY table_name
ORDER BY table_name
