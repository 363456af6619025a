-- Makes: how the numbers of one column are written. Grain: one row.
-- From: `ours` (v). `plain` are digits with a point before a fraction and nothing that could mean two things;
-- `with_comma` and `with_point` fit the mark before the fraction, which has no three digits after it; `telling` are
-- those in which a fraction or two kinds of marks leave no doubt.
SELECT
    count(*) AS filled,
    count(*) FILTER (regexp_full_match(v, '[+-]?[0-9]+(\.[0-9]+)?') AND NOT is_ambiguous(v)) AS plain,
    count(*) FILTER (
        (number_with_comma(v) <> v OR regexp_full_match(v, '[0-9]+'))
        AND TRY_CAST(number_with_comma(v) AS DOUBLE) IS NOT NULL
        AND NOT regexp_matches(v, ',[0-9]{3}([^0-9]|$)')
    ) AS with_comma,
    count(*) FILTER (
        TRY_CAST(number_with_point(v) AS DOUBLE) IS NOT NULL
        AND NOT regexp_matches(v, '\.[0-9]{3}([^0-9]|$)')
    ) AS with_point,
    count(*) FILTER (
        regexp_matches(v, '[.,][0-9]{1,2}([^0-9.,]|$)')
        OR (contains(v, '.') AND contains(v, ','))
        OR regexp_matches(v, '[.,][0-9]{3}[.,]')
    ) AS telling,
    min(v) FILTER (regexp_matches(v, '[.,]')) AS example
FROM (
    SELECT v
    FROM ours
    WHERE v IS NOT NULL
    LIMIT 5000
)
