-- Makes graph.adjacency: every pair that a follow joins, seen from both ends, with which way it goes.
-- From: follows (follower UINTEGER, followee UINTEGER), one row per follow, no self-follows.
-- Grain: one row per source × target that are joined in at least one direction, sorted by source, target.

SELECT
    source,
    target,
    bool_or(is_following) AS is_following,
    bool_or(is_follower) AS is_follower
FROM (
    SELECT follower AS source, followee AS target, true AS is_following, false AS is_follower FROM follows
    UNION ALL
    SELECT followee AS source, follower AS target, false AS is_following, true AS is_follower FROM follows
)
GROUP BY source, target
ORDER BY source, target
