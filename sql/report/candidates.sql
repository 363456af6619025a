-- Makes the rows of the ranked table: every candidate of one audience with the figures that are shown, best first.
-- From: ranked_partners, portfolio. Grain: one row per candidate; figures whole, since one that is rounded twice
-- is not what the command line shows.

WITH picked AS (
    SELECT DISTINCT account_id
    FROM portfolio
    WHERE audience = $audience AND run_id = $run_id
)

SELECT
    partners.account_id,
    partners.handle,
    partners.display_name,
    partners.platform,
    partners.language,
    partners.status,
    partners.status_reason,
    partners.rank,
    partners.rank_low,
    partners.rank_high,
    partners.score,
    partners.trust,
    partners.trust_low,
    partners.trust_high,
    partners.shill_probability,
    partners.shill_probability_low,
    partners.shill_probability_high,
    partners.signals_measured,
    partners.reach_share,
    partners.reach_share_low,
    partners.reach_share_high,
    partners.reach_share_cleaned,
    partners.audience_followers,
    partners.lift,
    partners.lift_low,
    partners.conversation,
    if(partners.replies_received < $fewest_messages::BIGINT, NULL, partners.answer_rate) AS answer_rate,
    partners.word_of_mouth_voices,
    partners.followers_count,
    partners.size_tier,
    partners.rank_in_tier,
    partners.community,
    partners.momentum,
    partners.price,
    partners.currency,
    partners.other_price,
    partners.other_currency,
    (coalesce(partners.is_pick, false) OR picked.account_id IS NOT NULL) AS is_pick
FROM ranked_partners AS partners
LEFT JOIN picked ON picked.account_id = partners.account_id
WHERE partners.audience = $audience
ORDER BY partners.rank NULLS LAST, partners.account_id
