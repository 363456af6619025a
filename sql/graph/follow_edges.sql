-- Who follows whom at the end of the snapshot day, as node numbers. Follows that ended before are left out.
-- From: inputs follows, graph accounts. Parameter: day (ISO date).
-- Grain: one row per follow as delivered; the follower graph merges duplicates and drops self-follows.
SELECT
    follower.node AS follower,
    followee.node AS followee
FROM follows
INNER JOIN accounts AS follower ON follows.follower_id = follower.account_id
INNER JOIN accounts AS followee ON follows.followee_id = followee.account_id
WHERE
    follows.unfollowed_at IS NULL
    OR follows.unfollowed_at >= CAST($day AS DATE) + INTERVAL 1 DAY
