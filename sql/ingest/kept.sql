-- Makes: the rows of one table that stay where no two have the same key, in file order. Grain: one row per row.
-- From: `staged`. The same as merged.sql on such tables, without the cost of comparing keys.
SELECT * EXCLUDE (file_number, line, ordinal, faults, is_rejected, is_after, merge_key)
FROM staged
WHERE NOT is_rejected AND NOT is_after
ORDER BY ordinal
