-- Makes what moved since the run before, the accounts that stand or stood highest first, at most $rows.
-- From: rank_changes. Grain: one row per account that entered, left or moved.

SELECT
    *,
    count(*) OVER () AS changes_in_all
FROM rank_changes
WHERE audience = $audience AND run_id = $run_id
ORDER BY least(rank_before, rank_after) NULLS LAST, account_id
LIMIT $rows::BIGINT
