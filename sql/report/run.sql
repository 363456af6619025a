-- Makes what the head of the report says: the newest run of one audience and how its candidates fared.
-- From: latest_runs, runs, ranked_partners, rank_changes, about. Grain: one row.

SELECT
    runs.*,
    about.vouch_version,
    about.published_at,
    compared.previous_run_id,
    earlier.as_of AS previous_as_of,
    counted.ranked,
    counted.recommended,
    counted.watch,
    counted.watch_not_special,
    counted.avoid,
    counted.not_enough_data,
    counted.thin
FROM runs
INNER JOIN latest_runs ON latest_runs.run_id = runs.run_id AND latest_runs.audience = runs.audience
CROSS JOIN about
LEFT JOIN (
    SELECT run_id, audience, any_value(previous_run_id) AS previous_run_id FROM rank_changes GROUP BY run_id, audience
) AS compared ON compared.run_id = runs.run_id AND compared.audience = runs.audience
LEFT JOIN runs AS earlier ON earlier.run_id = compared.previous_run_id AND earlier.audience = runs.audience
CROSS JOIN (
    SELECT
        count(*) AS ranked,
        count(*) FILTER (status = 'recommended') AS recommended,
        count(*) FILTER (status = 'watch') AS watch,
        count(*) FILTER (status = 'watch' AND status_reason = 'lift_low') AS watch_not_special,
        count(*) FILTER (status = 'avoid') AS avoid,
        count(*) FILTER (status = 'not_enough_data') AS not_enough_data,
        count(*) FILTER (audience_followers < $thin_below::BIGINT) AS thin
    FROM ranked_partners
    WHERE audience = $audience
) AS counted
WHERE runs.audience = $audience
LIMIT 1
