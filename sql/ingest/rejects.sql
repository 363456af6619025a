-- Makes: quality.rejects of one dataset. Grain: one row per refused value, or per refused record.
-- From: `refusals` (table_name, file_number, line, column_name, value, rule) and `files` (table_name,
-- file_number, file).
SELECT
    refusals.table_name,
    files.file,
    refusals.line,
    refusals.column_name,
    refusals.value,
    refusals.rule
FROM refusals
INNER JOIN files USING (table_name, file_number)
ORDER BY refusals.table_name, files.file, refusals.line, refusals.column_name
