-- Makes the statements that let a file of an earlier schema be read like one of today: a temporary view for each
-- table and view that it lacks (empty) or that has grown columns since (NULL there).
-- From: DuckDB's catalogue; the file is attached as published, an empty schema of today as today.
-- Grain: one row per table or view of the main schema that came later or has grown.

WITH here AS (
    SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'published' AND schema_name = 'main'
),

missing AS (
    SELECT
        now.table_name,
        now.table_name NOT IN (SELECT here.table_name FROM here) AS is_whole,
        string_agg(concat(', NULL::', now.data_type, ' AS ', now.column_name), '' ORDER BY now.column_index) AS more
    FROM duckdb_columns() AS now
    WHERE now.database_name = 'today' AND now.schema_name = 'main'
        AND (now.table_name, now.column_name) NOT IN (SELECT (here.table_name, here.column_name) FROM here)
    GROUP BY now.table_name
)

SELECT concat(
    'CREATE TEMP VIEW ', table_name, ' AS SELECT *',
    if(is_whole, ' FROM today.', concat(more, ' FROM published.')), table_name
) AS statement
FROM missing
ORDER BY table_name
