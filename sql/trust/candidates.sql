-- The accounts that are ranked as partners of one audience: those that enough members follow, strongest endorsement
-- first. The accounts that the audience is built on are left out, and the brands.
-- From: audience affinity, endorsement, owners; graph accounts; inputs brands. Parameters: minimum_followers,
-- most_candidates.
-- Grain: one row per candidate, sorted by place, from 1.
SELECT
    row_number() OVER strongest AS place,
    affinity.node,
    affinity.reach_share_cleaned,
    affinity.lift
FROM affinity
INNER JOIN accounts ON affinity.node = accounts.node
LEFT JOIN endorsement ON affinity.node = endorsement.node
WHERE
    affinity.audience_followers >= $minimum_followers
    AND affinity.node NOT IN (SELECT node FROM owners)
    AND accounts.account_id NOT IN (SELECT account_id FROM brands WHERE account_id IS NOT NULL)
WINDOW
    strongest AS (
        ORDER BY coalesce(endorsement.endorsement, 0) DESC, affinity.audience_followers_cleaned DESC, affinity.node
    )
ORDER BY place
LIMIT $most_candidates
