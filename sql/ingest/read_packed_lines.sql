-- Makes: the lines of one zstd-compressed UTF-8 text file. Grain: one row per line, blank ones included.
-- From: the file of the variable `source_path`. Bytes that are not UTF-8 stop it with an error.
SELECT coalesce(line, '') AS line
FROM read_csv(
    getvariable('source_path'),
    compression = 'zstd',
    columns = {line: 'VARCHAR'},
    header = false,
    delim = chr(1),
    quote = '',
    escape = '',
    auto_detect = false,
    max_line_size = 268435456
)
