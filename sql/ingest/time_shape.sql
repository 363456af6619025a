-- Makes: what the times of one column look like. Grain: one row.
-- From: `ours` (v).
SELECT
    count(v) AS filled,
    count(*) FILTER (time_from_text(v) IS NOT NULL) AS as_text,
    count(*) FILTER (regexp_matches(v, '^[0-9]+(\.[0-9]+)?$')) AS as_number,
    coalesce(max(length(split_part(v, '.', 1))) FILTER (regexp_matches(v, '^[0-9]+(\.[0-9]+)?$')), 0) AS digits,
    min(v) AS example
FROM (
    SELECT v
    FROM ours
    WHERE v IS NOT NULL
    LIMIT 5000
)
