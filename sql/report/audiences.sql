-- Makes the audiences that a report can be written for, also those in which no candidate was found; largest first.
-- From: latest_runs, runs. Grain: one row per audience.

SELECT latest_runs.audience
FROM latest_runs
INNER JOIN runs ON runs.run_id = latest_runs.run_id AND runs.audience = latest_runs.audience
ORDER BY runs.audience_size DESC NULLS LAST, latest_runs.audience
