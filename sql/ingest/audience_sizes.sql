-- Makes: how large each audience is, and how many of its known members the list gives any weight.
-- Grain: one row per audience. From: `audience_members`, `known_accounts`.
WITH members AS (
    SELECT
        audience,
        account_id IN (SELECT account_id FROM known_accounts) AS is_known,
        weight IS NULL OR weight > 0 AS has_weight
    FROM audience_members
)

SELECT
    audience,
    count(*) AS members,
    count(*) FILTER (is_known) AS members_known,
    count(*) FILTER (is_known AND has_weight) AS members_weighed
FROM members
GROUP BY audience
ORDER BY audience
