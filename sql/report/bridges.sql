-- Makes the voices that join groups of one audience, the most even first, at most $rows.
-- From: ranked_partners, community_voices, communities. Grain: one row per candidate; trusted_by lists the names of
-- the groups whose voices it is among.

SELECT
    partners.account_id,
    partners.handle,
    partners.rank,
    partners.bridge_score,
    partners.communities_covered,
    list(groups.name ORDER BY voices.position, groups.community) FILTER (groups.name IS NOT NULL) AS trusted_by
FROM ranked_partners AS partners
LEFT JOIN community_voices AS voices
    ON voices.run_id = partners.run_id AND voices.audience = partners.audience
    AND voices.account_id = partners.account_id
LEFT JOIN communities AS groups
    ON groups.run_id = voices.run_id AND groups.audience = voices.audience
    AND groups.community = voices.community
WHERE partners.audience = $audience AND partners.is_bridge
GROUP BY ALL
ORDER BY partners.bridge_score DESC NULLS LAST, partners.rank, partners.account_id
LIMIT $rows::BIGINT
