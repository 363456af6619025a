-- Makes the run that the newest one of an audience is compared with: the one that was looked at last, else the
-- newest of the others. From: runs. Parameters: network, audience, run_id, seen. Grain: one row, or none.

SELECT run_id, as_of, audience_size, configuration, weights_version
FROM runs
WHERE network = $network AND audience = $audience AND run_id <> $run_id
ORDER BY
    run_id = $seen DESC,
    as_of DESC NULLS LAST,
    coalesce(finished_at, started_at) DESC NULLS LAST,
    run_id DESC
LIMIT 1
