-- Makes what a reader of an export must know about the runs behind it.
-- From: runs, latest_runs. Grain: one row per audience.

SELECT runs.*
FROM runs
INNER JOIN latest_runs ON latest_runs.run_id = runs.run_id AND latest_runs.audience = runs.audience
WHERE $audience::VARCHAR IS NULL OR runs.audience = $audience::VARCHAR
ORDER BY runs.audience
