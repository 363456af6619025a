-- Makes: every value of one table that a rule refuses. Grain: one row per row and fault.
-- From: `staged`.
SELECT
    file_number,
    line,
    fault.column_name AS column_name,
    left(fault.value, 200) AS value,
    fault.rule AS rule
FROM (
    SELECT
        file_number,
        line,
        unnest(faults) AS fault
    FROM staged
    WHERE len(faults) > 0
)
