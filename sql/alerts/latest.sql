-- Makes what the newest run of each audience is, as alerts compare it.
-- From: latest_runs, runs. Grain: one row per audience.

SELECT latest.audience, latest.network, latest.run_id, latest.as_of, runs.audience_size, runs.configuration,
    runs.weights_version
FROM latest_runs AS latest
INNER JOIN runs ON latest.run_id = runs.run_id AND latest.audience = runs.audience
ORDER BY latest.audience
