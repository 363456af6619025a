-- The groups inside an audience, as published, each named after the voices that it follows most of all.
-- From: community_members, community_candidates, graph accounts. Parameters: run_id, audience.
-- Grain: one row per community; members without a group are left out.
WITH named AS (
    SELECT
        voices.community,
        string_agg(
            CASE
                WHEN accounts.handle = accounts.account_id THEN coalesce(accounts.display_name, accounts.account_id)
                ELSE '@' || accounts.handle
            END,
            ', ' ORDER BY voices.share * ln(1 + voices.lift) DESC, accounts.node
        ) AS name
    FROM (
        SELECT *
        FROM community_candidates
        WHERE lift > 1
        QUALIFY row_number() OVER (PARTITION BY community ORDER BY share * ln(1 + lift) DESC, node) <= 3
    ) AS voices
    INNER JOIN accounts ON voices.node = accounts.node
    GROUP BY voices.community
)

SELECT
    CAST($run_id AS VARCHAR) AS run_id,
    CAST($audience AS VARCHAR) AS audience,
    members.community,
    count(*) AS members,
    sum(members.weight) AS members_cleaned,
    coalesce('around ' || any_value(named.name), 'no voice of its own') AS name
FROM community_members AS members
LEFT JOIN named ON members.community = named.community
WHERE members.community >= 0
GROUP BY members.community
ORDER BY members.community
