-- Makes: how many rows of one table were read, and what became of those that were not merged or kept.
-- Grain: one row. From: `staged`.
SELECT
    count(*) AS rows_read,
    count(*) FILTER (is_rejected) AS rows_rejected,
    count(*) FILTER (NOT is_rejected AND is_after) AS rows_after_as_of,
    coalesce(sum(len(faults)) FILTER (NOT is_rejected), 0) AS values_refused
FROM staged
