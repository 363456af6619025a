-- Makes what the head of the report says: the newest run of one audience and how its candidates fared.
-- From: latest_runs, runs, ranked_partners, about. Grain: one row.

SELECT
    runs.*,
    about.vouch_version,
    about.published_at,
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
