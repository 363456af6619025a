-- Makes graph.degrees: how many follows of this file lead to each account and from it.
-- From: graph.adjacency, and graph.accounts so that accounts without a follow stand there with 0.
-- Grain: one row per node, sorted by node.

SELECT
    accounts.node,
    count(*) FILTER (WHERE adjacency.is_follower) AS followers,
    count(*) FILTER (WHERE adjacency.is_following) AS following
FROM graph.accounts AS accounts
LEFT JOIN graph.adjacency AS adjacency ON adjacency.source = accounts.node
GROUP BY accounts.node
ORDER BY accounts.node
