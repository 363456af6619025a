-- Makes the voices that join groups of one audience, the most even first, at most $rows, those to avoid left out.
-- From: ranked_partners, communities. Grain: one row per candidate; trusted_by lists the names of the groups that it
-- covers, the largest first, a group without one by its number.

SELECT
    partners.account_id,
    partners.handle,
    partners.rank,
    partners.bridge_score,
    partners.communities_covered,
    (
        SELECT list(coalesce(groups.name, concat('Group ', groups.community + 1)) ORDER BY groups.community)
        FROM communities AS groups
        WHERE groups.run_id = partners.run_id AND groups.audience = partners.audience
            AND list_contains(partners.covered_communities, groups.community)
    ) AS trusted_by
FROM ranked_partners AS partners
WHERE partners.audience = $audience AND partners.is_bridge AND partners.status IS DISTINCT FROM 'avoid'
ORDER BY partners.bridge_score DESC NULLS LAST, partners.rank, partners.account_id
LIMIT $rows::BIGINT
