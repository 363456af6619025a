-- Who is listed as a member of which audience, as far as the network knows them.
-- From: inputs audience_members; graph accounts.
-- Grain: one row per audience × member account, in the order of audience and node.
SELECT DISTINCT
    members.audience,
    accounts.node
FROM audience_members AS members
INNER JOIN accounts ON members.account_id = accounts.account_id
ORDER BY members.audience, accounts.node
