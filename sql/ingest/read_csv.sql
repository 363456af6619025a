-- Makes: the rows of one plain UTF-8 CSV file as text, in file order. Grain: one row per record.
-- From: the file of the variable `source_path`. Rows that break the form are missing: the caller compares the
-- sum of rows and of line breaks inside values with the lines of the file.
SELECT
    row_number() OVER () AS record,
    *
FROM read_csv(
    getvariable('source_path'),
    delim = getvariable('source_delimiter'),
    header = getvariable('source_header'),
    columns = getvariable('source_columns'),
    quote = '"',
    escape = '"',
    auto_detect = false,
    store_rejects = true,
    strict_mode = true,
    max_line_size = 2097152
)
