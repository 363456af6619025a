-- Selects rows of graph.adjacency that cannot be: repeated pairs, no direction, or one end without the other.
-- From: graph.adjacency. Grain: one row per broken rule; none is good. A pair seen from both ends adds the same
-- number to a checksum that is order-dependent one way and reversed the other, so no join of the table with
-- itself is needed: the sums over source→target and over target→source must agree.

WITH sums AS (
    SELECT
        count(*) AS n,
        count(*) FILTER (WHERE NOT is_following AND NOT is_follower) AS without_direction,
        count(*) FILTER (WHERE source = target) AS to_itself,
        sum(CAST(hash(source, target, is_following, is_follower) AS HUGEINT)) AS from_here,
        sum(CAST(hash(target, source, is_follower, is_following) AS HUGEINT)) AS from_there
    FROM graph.adjacency
),

pairs AS (
    SELECT count(*) AS n FROM (SELECT DISTINCT source, target FROM graph.adjacency)
)

SELECT 'graph.adjacency' AS table_name, broken.subject, concat(broken.n, ' rows') AS problem
FROM (
    SELECT 'the same pair twice' AS subject, sums.n - pairs.n AS n FROM sums, pairs
    UNION ALL
    SELECT 'no follow in either direction', sums.without_direction FROM sums
    UNION ALL
    SELECT 'an account that follows itself', sums.to_itself FROM sums
    UNION ALL
    SELECT 'a pair that the other end does not know', sums.n FROM sums WHERE sums.from_here <> sums.from_there
) AS broken
WHERE broken.n > 0
