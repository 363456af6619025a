-- Makes: the lines of one JSON Lines file. Grain: one row per line that is not empty; `row` is NULL where the
-- line is not JSON. From: the file of the variable `source_path`.
SELECT
    row_number() OVER () AS line,
    json AS row
FROM read_ndjson_objects(getvariable('source_path'), format = 'newline_delimited', ignore_errors = true)
