-- Makes the list that docs/SCHEMA.md is written from: every object and column of the published file, its type and
-- comment. From: DuckDB's catalogue of the database in use. Grain: one row per table, view, macro or column;
-- an object's own row comes first and has no column name. Sorted as the schema is written, macros by name.

SELECT kind, name, column_name, type, comment
FROM (
    SELECT
        'table' AS kind, schema_name, table_oid AS place, 0 AS part,
        concat(if(schema_name = 'main', '', schema_name || '.'), table_name) AS name,
        NULL AS column_name, NULL AS type, comment
    FROM duckdb_tables()
    WHERE database_name = current_database() AND NOT internal
    UNION ALL
    SELECT
        'view', schema_name, view_oid, 0,
        concat(if(schema_name = 'main', '', schema_name || '.'), view_name), NULL, NULL, comment
    FROM duckdb_views()
    WHERE database_name = current_database() AND NOT internal
    UNION ALL
    SELECT
        if(views.view_oid IS NULL, 'table', 'view'), columns.schema_name, columns.table_oid, columns.column_index,
        concat(if(columns.schema_name = 'main', '', columns.schema_name || '.'), columns.table_name),
        columns.column_name, columns.data_type, columns.comment
    FROM duckdb_columns() AS columns
    LEFT JOIN duckdb_views() AS views
        ON views.database_oid = columns.database_oid AND views.view_oid = columns.table_oid
        AND views.schema_oid = columns.schema_oid AND views.view_name = columns.table_name
    WHERE columns.database_name = current_database() AND NOT columns.internal
    UNION ALL
    SELECT
        'macro', schema_name, 0, 0, function_name,
        NULL, if(function_type = 'table_macro', 'table', 'value'), comment
    FROM duckdb_functions()
    WHERE database_name = current_database() AND NOT internal
)
ORDER BY
    CASE kind WHEN 'view' THEN 1 WHEN 'table' THEN 2 ELSE 3 END,
    CASE schema_name WHEN 'main' THEN 1 WHEN 'graph' THEN 2 ELSE 3 END,
    CASE kind WHEN 'macro' THEN name END,
    place, part
