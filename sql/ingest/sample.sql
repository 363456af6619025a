-- Makes: the first rows of one file, to guess from. Grain: one row per row of the file.
-- From: `source_rows`.
SELECT *
FROM source_rows
LIMIT 200000
