-- The community of an audience in which each account is at home: its own as a member, else, of those of whose members
-- at least $fewest_followers follow it, the one that it is most special to. That is the share of the community that
-- follows it times the log of its lift there; where two are alike, and where no lift is known, the lowest number.
-- From: community_members, community_candidates. Parameter: fewest_followers.
-- Grain: one row per account that has a home, in the order of the node.
SELECT
    node,
    community
FROM community_members
WHERE community >= 0
UNION ALL
SELECT
    node,
    -- NaN sorts above every number
    first(community ORDER BY nullif(share * ln(1 + lift), CAST('NaN' AS DOUBLE)) DESC NULLS LAST, community) AS community
FROM community_candidates
WHERE followers >= $fewest_followers AND node NOT IN (SELECT node FROM community_members)
GROUP BY node
ORDER BY node
