-- Makes how many candidates of one audience changed in status since the run that its latest run was compared with, and
-- how many of that run's recommended picks are no longer recommended, or no candidates any more.
-- From: rank_changes, partner_rankings, ranked_partners. Grain: one row; zeros where no run was compared with.

SELECT
    any_value(earlier.as_of) AS as_of,
    count(*) FILTER (later.status <> earlier.status) AS changed,
    count(*) FILTER (
        earlier.is_pick AND earlier.status = 'recommended' AND later.status IS DISTINCT FROM 'recommended'
    ) AS picks_lost
FROM partner_rankings AS earlier
LEFT JOIN ranked_partners AS later
    ON later.audience = earlier.audience AND later.account_id = earlier.account_id
WHERE
    earlier.audience = $audience
    AND earlier.run_id = (
        SELECT any_value(changes.previous_run_id)
        FROM rank_changes AS changes
        WHERE changes.run_id = $run_id AND changes.audience = $audience
    )
