-- Who follows whom at the end of the snapshot day, as node numbers, and since when: seconds since 1970, 0 where that
-- is not known (or lies outside of what 32 bits hold). Follows that ended before are left out.
-- From: inputs follows, graph accounts. Parameter: day (ISO date).
-- Grain: one row per follow as delivered; the follower graph merges duplicates and drops self-follows.
SELECT
    follower.node AS follower,
    followee.node AS followee,
    CAST(
        CASE
            WHEN epoch(follows.followed_at) BETWEEN 1 AND 4294967294 THEN floor(epoch(follows.followed_at))
            ELSE 0
        END AS UINTEGER
    ) AS since
FROM follows
INNER JOIN accounts AS follower ON follows.follower_id = follower.account_id
INNER JOIN accounts AS followee ON follows.followee_id = followee.account_id
WHERE
    follows.unfollowed_at IS NULL
    OR follows.unfollowed_at >= CAST($day AS DATE) + INTERVAL 1 DAY
