-- Follower counts of accounts at the times at which they were read.
-- From: inputs snapshots, graph accounts. Grain: one row per account and time, in that order.
SELECT
    accounts.node,
    epoch(snapshots.observed_at) AS observed_at,
    CAST(snapshots.followers_count AS DOUBLE) AS followers
FROM snapshots
INNER JOIN accounts ON snapshots.account_id = accounts.account_id
WHERE snapshots.followers_count IS NOT NULL AND snapshots.observed_at IS NOT NULL
ORDER BY accounts.node, snapshots.observed_at
