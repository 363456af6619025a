-- Makes the kept runs of the published network, the newest first; of one audience or, where it is NULL, of all.
-- From: runs, latest_runs, rank_changes. Grain: one row per run × audience.

WITH moved AS (
    SELECT
        run_id,
        audience,
        any_value(previous_run_id) AS previous_run_id,
        count(*) FILTER (change = 'entered') AS entered,
        count(*) FILTER (change = 'left') AS "left",
        count(*) FILTER (change = 'moved') AS moved
    FROM rank_changes
    GROUP BY run_id, audience
)

SELECT
    runs.run_id,
    runs.audience,
    runs.as_of,
    runs.finished_at,
    (runs.run_id, runs.audience) IN (SELECT (latest.run_id, latest.audience) FROM latest_runs AS latest) AS is_latest,
    runs.audience_size,
    runs.audience_size_cleaned,
    runs.candidates,
    moved.previous_run_id,
    moved.entered,
    moved."left",
    moved.moved,
    runs.weights_version,
    runs.configuration,
    runs.data_dir,
    runs.input_fingerprint,
    runs.observed_until,
    runs.is_generated
FROM runs
LEFT JOIN moved ON moved.run_id = runs.run_id AND moved.audience = runs.audience
WHERE
    runs.network = (SELECT any_value(latest.network) FROM latest_runs AS latest)
    AND ($audience::VARCHAR IS NULL OR runs.audience = $audience::VARCHAR)
ORDER BY runs.as_of DESC, runs.finished_at DESC NULLS LAST, runs.run_id DESC, runs.audience_size DESC NULLS LAST, runs.audience
