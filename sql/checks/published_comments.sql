-- Selects the columns and objects of the published file that lack a comment.
-- From: DuckDB's catalogue of the database in use. Grain: one row per object; none is good.

SELECT 'catalogue' AS table_name, concat_ws('.', schema_name, table_name, column_name) AS subject,
    'has no comment' AS problem
FROM duckdb_columns()
WHERE database_name = current_database() AND NOT internal AND comment IS NULL
UNION ALL
SELECT 'catalogue', concat_ws('.', schema_name, table_name), 'has no comment'
FROM duckdb_tables()
WHERE database_name = current_database() AND NOT internal AND comment IS NULL
UNION ALL
SELECT 'catalogue', concat_ws('.', schema_name, view_name), 'has no comment'
FROM duckdb_views()
WHERE database_name = current_database() AND NOT internal AND comment IS NULL
UNION ALL
SELECT 'catalogue', concat_ws('.', schema_name, function_name), 'has no comment'
FROM duckdb_functions()
WHERE database_name = current_database() AND NOT internal AND comment IS NULL
