-- Makes what moved since the run before for export; of one audience or, where it is NULL, of all; of those that stand
-- or stood among the $ranks best, the picks, and those whose status changed, or of all where $ranks is NULL.
-- From: rank_changes, latest_runs, runs, partner_rankings. Grain: one row per audience × account that entered, left or
-- moved, those that stand or stood highest first; previous_as_of is the day of the run compared with.

SELECT
    changes.audience,
    changes.change,
    changes.handle,
    changes.account_id,
    changes.rank_before,
    changes.rank_after,
    changes.score_before,
    changes.score_after,
    changes.cause,
    changes.cause_change,
    changes.is_within_range,
    was.status AS status_before,
    now.status AS status_after,
    now.status_reason,
    now.is_pick,
    was.is_pick AS was_pick,
    earlier.as_of AS previous_as_of,
    changes.previous_run_id,
    changes.risk_signal
FROM rank_changes AS changes
LEFT JOIN partner_rankings AS was
    ON
        was.run_id = changes.previous_run_id
        AND was.audience = changes.audience
        AND was.account_id = changes.account_id
LEFT JOIN partner_rankings AS now
    ON now.run_id = changes.run_id AND now.audience = changes.audience AND now.account_id = changes.account_id
LEFT JOIN runs AS earlier ON earlier.run_id = changes.previous_run_id AND earlier.audience = changes.audience
WHERE
    (changes.run_id, changes.audience) IN (SELECT (latest.run_id, latest.audience) FROM latest_runs AS latest)
    AND ($audience::VARCHAR IS NULL OR changes.audience = $audience::VARCHAR)
    AND (
        $ranks::BIGINT IS NULL
        OR least(changes.rank_before, changes.rank_after) <= $ranks::BIGINT
        OR coalesce(was.is_pick, FALSE) OR coalesce(now.is_pick, FALSE)
        OR was.status <> now.status
    )
ORDER BY changes.audience, least(changes.rank_before, changes.rank_after) NULLS LAST, changes.account_id
