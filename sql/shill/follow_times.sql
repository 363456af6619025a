-- Every follow that was delivered, those that ended too: when it began and ended (seconds since 1970, NULL where
-- the data do not say), and its place in the order of delivery, which may be the order in which followers came.
-- From: inputs follows, graph accounts. Grain: one row per follow as delivered, in that order.
-- An account that follows itself goes first, for the reason given in graph/interaction_edges.sql.
WITH placed AS MATERIALIZED (
    SELECT
        follower_id,
        followee_id,
        followed_at,
        unfollowed_at,
        row_number() OVER () AS place
    FROM follows
    WHERE follower_id <> followee_id
)

SELECT
    follower.node AS follower,
    followee.node AS followee,
    epoch(placed.followed_at) AS followed_at,
    epoch(placed.unfollowed_at) AS left_at
FROM placed
INNER JOIN accounts AS follower ON placed.follower_id = follower.account_id
INNER JOIN accounts AS followee ON placed.followee_id = followee.account_id
ORDER BY placed.place
