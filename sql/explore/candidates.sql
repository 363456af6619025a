-- Makes every candidate of an audience as the page shows and filters them, best first.
-- From: ranked_partners, communities. Grain: one row per candidate, in the order in which reach.sql counts them.

SELECT
    partners.rank,
    partners.rank_low,
    partners.rank_high,
    partners.account_id,
    partners.handle,
    partners.display_name,
    partners.platform,
    partners.language,
    partners.size_tier,
    partners.community,
    groups.name AS community_name,
    partners.status,
    partners.status_reason,
    partners.score,
    partners.followers_count,
    partners.audience_size,
    partners.audience_followers,
    partners.reach_share,
    partners.reach_share_cleaned,
    partners.baseline_share,
    partners.lift,
    partners.lift_low,
    partners.conversation,
    partners.trust,
    partners.trust_low,
    partners.trust_high,
    partners.shill_probability,
    partners.shill_probability_low,
    partners.shill_probability_high,
    partners.price,
    partners.currency,
    partners.what_would_change,
    coalesce(partners.is_pick, false) AS is_pick
FROM ranked_partners AS partners
LEFT JOIN communities AS groups
    ON groups.run_id = partners.run_id AND groups.audience = partners.audience
    AND groups.community = partners.community
WHERE partners.audience = $audience
ORDER BY partners.rank NULLS LAST, partners.account_id
