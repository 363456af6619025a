-- Makes how one account stood in every kept run of the published network, oldest first within an audience; of one
-- audience or, where it is NULL, of all that ever ranked it.
-- From: runs, partner_rankings, rank_changes, latest_runs. Grain: one row per audience × run, also of runs that do not
-- rank it (rank and status NULL); change and cause compare with previous_run_id, and are NULL where it kept its place.

WITH mine AS (
    SELECT * FROM partner_rankings WHERE account_id = $account_id
),

compared AS (
    SELECT run_id, audience, any_value(previous_run_id) AS previous_run_id FROM rank_changes GROUP BY run_id, audience
)

SELECT
    runs.audience,
    runs.as_of,
    runs.run_id,
    mine.rank,
    mine.rank_low,
    mine.rank_high,
    mine.status,
    mine.status_reason,
    mine.score,
    mine.trust,
    mine.trust_low,
    mine.trust_high,
    mine.shill_probability,
    mine.shill_probability_low,
    mine.shill_probability_high,
    mine.reach_share,
    mine.audience_followers,
    mine.followers_count,
    mine.is_pick,
    compared.previous_run_id,
    changes.change,
    changes.rank_before,
    changes.score_before,
    changes.cause,
    changes.cause_change,
    changes.risk_signal
FROM runs
LEFT JOIN mine ON mine.run_id = runs.run_id AND mine.audience = runs.audience
LEFT JOIN compared ON compared.run_id = runs.run_id AND compared.audience = runs.audience
LEFT JOIN rank_changes AS changes
    ON
        changes.run_id = runs.run_id
        AND changes.audience = runs.audience
        AND changes.account_id = $account_id
WHERE
    runs.network = (SELECT any_value(latest.network) FROM latest_runs AS latest)
    AND runs.audience IN (SELECT mine.audience FROM mine)
    AND ($audience::VARCHAR IS NULL OR runs.audience = $audience::VARCHAR)
ORDER BY
    max(runs.audience_size) OVER (PARTITION BY runs.audience) DESC NULLS LAST,
    runs.audience,
    runs.as_of,
    runs.finished_at NULLS FIRST,
    runs.run_id
