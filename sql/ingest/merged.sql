-- Makes: the rows of one table that stay, in file order. Grain: one row per natural key.
-- From: `staged`, the table's rows as read and typed. Of rows with the same key the last in file order stays.
SELECT * EXCLUDE (file_number, line, ordinal, faults, is_rejected, is_after, merge_key)
FROM staged
WHERE
    NOT is_rejected
    AND NOT is_after
    AND ordinal IN (
        SELECT max(ordinal)
        FROM staged
        WHERE NOT is_rejected AND NOT is_after
        GROUP BY merge_key
    )
ORDER BY ordinal
