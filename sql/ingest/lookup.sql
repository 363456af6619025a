-- Makes: what one table is looked up for. Grain: one row per looked-up value; the last row in file order counts.
-- From: `looked_up` (found, taken, ordinal), the rows of the other table that were not rejected.
SELECT
    found,
    arg_max(taken, ordinal) AS taken
FROM looked_up
WHERE found IS NOT NULL
GROUP BY found
