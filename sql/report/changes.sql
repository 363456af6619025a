-- Makes what moved since the run before, the accounts that stand or stood highest first, at most $rows.
-- was_pick and is_pick say whether the run before and this one picked the account; was_pick is NULL where the picks of
-- the run before are not known.
-- From: rank_changes, partner_rankings. Grain: one row per account that entered, left or moved.

SELECT
    changes.*,
    CASE
        WHEN
            EXISTS (
                SELECT 1
                FROM partner_rankings AS picked
                WHERE picked.audience = $audience AND picked.run_id = changes.previous_run_id AND picked.is_pick
            )
            THEN coalesce(before.is_pick, false)
    END AS was_pick,
    coalesce(now.is_pick, false) AS is_pick,
    count(*) OVER () AS changes_in_all,
    count(*) FILTER (changes.change = 'entered') OVER () AS entered,
    count(*) FILTER (changes.change = 'left') OVER () AS "left",
    count(*) FILTER (changes.change = 'moved') OVER () AS moved
FROM rank_changes AS changes
LEFT JOIN partner_rankings AS before
    ON before.audience = changes.audience AND before.account_id = changes.account_id
    AND before.run_id = changes.previous_run_id
LEFT JOIN partner_rankings AS now
    ON now.audience = changes.audience AND now.account_id = changes.account_id AND now.run_id = changes.run_id
WHERE changes.audience = $audience AND changes.run_id = $run_id
ORDER BY least(changes.rank_before, changes.rank_after) NULLS LAST, changes.account_id
LIMIT $rows::BIGINT
