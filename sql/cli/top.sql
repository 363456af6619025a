-- Makes the ranked list of one audience under the filters of `vouch top`; a NULL parameter filters nothing.
-- From: ranked_partners.
-- Grain: one row per candidate, best first, at most $limit_rows.

SELECT *
FROM ranked_partners
WHERE
    audience = $audience
    AND ($statuses::VARCHAR[] IS NULL OR list_contains($statuses::VARCHAR[], status))
    AND ($tiers::VARCHAR[] IS NULL OR list_contains($tiers::VARCHAR[], coalesce(size_tier, 'unknown')))
    AND ($min_trust::DOUBLE IS NULL OR trust_low >= $min_trust::DOUBLE)
    AND ($max_risk::DOUBLE IS NULL OR shill_probability_high <= $max_risk::DOUBLE)
ORDER BY rank NULLS LAST, account_id
LIMIT $limit_rows::BIGINT
