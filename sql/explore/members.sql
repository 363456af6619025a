-- Makes the members of an audience with the weight that cleaning left them.
-- From: audience_members, graph.accounts. Grain: one row per member of the network, in the order of the node, as
-- reach.sql counts them. The weight is NULL where an earlier Vouch did not keep it.

SELECT members.weight
FROM audience_members AS members
INNER JOIN graph.accounts AS accounts ON accounts.account_id = members.account_id
WHERE members.audience = $audience AND members.run_id = $run_id
ORDER BY accounts.node
