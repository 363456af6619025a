-- Makes: the records that the careful reader refused. Grain: one row per refused record.
-- From: the JSON Lines file of the variable `source_path`, written by the careful reader.
SELECT
    CAST(getvariable('file_number') AS BIGINT) AS file_number,
    line,
    CAST(NULL AS VARCHAR) AS column_name,
    value,
    rule
FROM read_json(
    getvariable('source_path'),
    format = 'newline_delimited',
    columns = {line: 'BIGINT', value: 'VARCHAR', rule: 'VARCHAR'}
)
