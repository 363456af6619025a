-- Makes everything that is known of the candidates whose evidence is shown.
-- From: ranked_partners, carded, bios. Grain: one row per candidate, best first.

SELECT
    partners.* EXCLUDE (is_pick),
    bios.bio,
    carded.position,
    carded.is_pick
FROM ranked_partners AS partners
INNER JOIN carded ON carded.account_id = partners.account_id
LEFT JOIN bios ON bios.account_id = partners.account_id
WHERE partners.audience = $audience
ORDER BY carded.position
