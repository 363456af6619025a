-- The members of one audience that the network knows, with what their profile shows.
-- From: inputs audience_members; graph accounts, profiles. Parameter: audience.
-- Grain: one row per member account, in the order of the node.
SELECT
    accounts.node,
    any_value(members.weight) AS stated_weight,
    min(members.since) AS since,
    any_value(accounts.following_count) AS following_count,
    any_value(profiles.emptiness) AS emptiness,
    any_value(profiles.suspicion) AS suspicion,
    any_value(profiles.profile_type) AS profile_type
FROM audience_members AS members
INNER JOIN accounts ON members.account_id = accounts.account_id
INNER JOIN profiles ON accounts.node = profiles.node
WHERE members.audience = $audience
GROUP BY accounts.node
ORDER BY accounts.node
