-- Makes: the records that the careful reader could take from a file, with their line. Grain: one row per record.
-- From: the JSON Lines file of the variable `source_path`, written by the careful reader.
SELECT
    line,
    fields
FROM read_json(
    getvariable('source_path'),
    format = 'newline_delimited',
    columns = {line: 'BIGINT', fields: 'VARCHAR[]'},
    maximum_object_size = 33554432
)
