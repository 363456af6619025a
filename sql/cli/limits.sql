-- Makes what explains an empty list: the best figures there are, among the statuses and size tiers asked for.
-- From: ranked_partners.
-- Grain: one row.

SELECT
    count(*) AS candidates,
    max(trust_low) AS best_trust,
    min(shill_probability_high) AS least_risk,
    count(*) FILTER (shill_probability_high IS NULL) AS unknown_risk,
    max(trust_low) FILTER (shill_probability_high <= $max_risk::DOUBLE) AS best_trust_within_risk
FROM ranked_partners
WHERE
    audience = $audience
    AND ($statuses::VARCHAR[] IS NULL OR list_contains($statuses::VARCHAR[], status))
    AND ($tiers::VARCHAR[] IS NULL OR list_contains($tiers::VARCHAR[], coalesce(size_tier, 'unknown')))
