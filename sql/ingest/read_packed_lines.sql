-- Makes: the lines of one zstd-compressed text file, each byte as the character of the same number, so that
-- nothing is refused or changed. Grain: one row per line. From: the file of the variable `source_path`.
SELECT coalesce(line, '') AS line
FROM read_csv(
    getvariable('source_path'),
    compression = 'zstd',
    columns = {line: 'VARCHAR'},
    header = false,
    delim = chr(1),
    quote = '',
    escape = '',
    encoding = 'latin-1',
    auto_detect = false,
    max_line_size = 67108864
)
