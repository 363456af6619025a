-- Makes the rows of the ranked table: every candidate of one audience with the figures that are shown, best first.
-- From: ranked_partners, portfolio. Grain: one row per candidate; figures rounded to what is shown, at most.

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
    round(partners.score, 4) AS score,
    round(partners.trust, 3) AS trust,
    round(partners.trust_low, 3) AS trust_low,
    round(partners.trust_high, 3) AS trust_high,
    round(partners.shill_probability, 4) AS shill_probability,
    round(partners.shill_probability_low, 4) AS shill_probability_low,
    round(partners.shill_probability_high, 4) AS shill_probability_high,
    partners.signals_measured,
    round(partners.reach_share, 5) AS reach_share,
    round(partners.reach_share_low, 5) AS reach_share_low,
    round(partners.reach_share_high, 5) AS reach_share_high,
    round(partners.reach_share_cleaned, 5) AS reach_share_cleaned,
    partners.audience_followers,
    round(partners.lift, 3) AS lift,
    round(partners.lift_low, 3) AS lift_low,
    round(partners.conversation, 3) AS conversation,
    if(partners.replies_received < $fewest_messages::BIGINT, NULL, round(partners.answer_rate, 3)) AS answer_rate,
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
