-- Makes: how large each audience is. Grain: one row per audience.
-- From: `audience_members`, `known_accounts`.
SELECT
    audience_members.audience,
    count(*) AS members,
    count(*) FILTER (audience_members.account_id IN (SELECT account_id FROM known_accounts)) AS members_known
FROM audience_members
GROUP BY audience_members.audience
ORDER BY audience_members.audience
