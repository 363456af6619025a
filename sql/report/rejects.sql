-- Makes why rows were refused, the most frequent rule first, each with the first line it met; at most $rows.
-- From: quality.rejects. Grain: one row per table × column × rule.

SELECT
    table_name,
    column_name,
    rule,
    count(*) AS refused,
    arg_min(file, (file, line)) AS file,
    arg_min(line, (file, line)) AS line,
    arg_min(value, (file, line)) AS value
FROM quality.rejects
WHERE network = $network AND as_of = $as_of::DATE
GROUP BY table_name, column_name, rule
ORDER BY refused DESC, table_name, column_name, rule
LIMIT $rows::BIGINT
