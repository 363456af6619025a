-- Makes what moved since the run before, at most $rows: news first, in it the accounts that stand or stood highest
-- first. A move within the range of both runs is no news where status and pick stay as they were.
-- was_pick and is_pick say whether the run before and this one picked the account; was_pick is NULL where the picks of
-- the run before are not known.
-- From: rank_changes, partner_rankings. Grain: one row per account that entered, left or moved.

SELECT
    *,
    count(*) OVER () AS changes_in_all,
    count(*) FILTER (change = 'entered') OVER () AS entered,
    count(*) FILTER (change = 'left') OVER () AS "left",
    count(*) FILTER (change = 'moved') OVER () AS moved,
    count(*) FILTER (NOT is_news) OVER () AS no_news
FROM (
    SELECT
        changes.*,
        CASE
            WHEN
                EXISTS (
                    SELECT 1
                    FROM partner_rankings AS picked
                    WHERE picked.audience = $audience AND picked.run_id = changes.previous_run_id AND picked.is_pick
                )
                THEN coalesce(before.is_pick, FALSE)
        END AS was_pick,
        coalesce(now.is_pick, FALSE) AS is_pick,
        NOT (
            coalesce(changes.is_within_range, FALSE)
            AND before.status IS NOT DISTINCT FROM now.status
            AND coalesce(before.is_pick, FALSE) = coalesce(now.is_pick, FALSE)
        ) AS is_news
    FROM rank_changes AS changes
    LEFT JOIN partner_rankings AS before
        ON before.audience = changes.audience AND before.account_id = changes.account_id
        AND before.run_id = changes.previous_run_id
    LEFT JOIN partner_rankings AS now
        ON now.audience = changes.audience AND now.account_id = changes.account_id AND now.run_id = changes.run_id
    WHERE changes.audience = $audience AND changes.run_id = $run_id
) AS compared
ORDER BY NOT is_news, least(rank_before, rank_after) NULLS LAST, account_id
LIMIT $rows::BIGINT
