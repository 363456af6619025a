-- Makes the audiences that a report can be written for, also those in which no candidate was found.
-- From: latest_runs. Grain: one row per audience.

SELECT audience
FROM latest_runs
ORDER BY audience
