-- Makes how many candidates of one audience, of the size tiers asked for, have each status.
-- From: ranked_partners.
-- Grain: one row per status, the most frequent first.

SELECT status, count(*) AS candidates
FROM ranked_partners
WHERE
    audience = $audience
    AND ($tiers::VARCHAR[] IS NULL OR list_contains($tiers::VARCHAR[], coalesce(size_tier, 'unknown')))
GROUP BY status
ORDER BY candidates DESC, status
