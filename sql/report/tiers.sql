-- Makes the best candidates of each size in one audience, at most $rows of each; who is to be avoided is no best.
-- From: ranked_partners. Grain: one row per size × candidate, the smallest size first.

SELECT
    account_id, handle, display_name, status, status_reason, rank, rank_in_tier, size_tier, followers_count, trust,
    reach_share, lift_low, answer_rate, replies_received,
    row_number() OVER (PARTITION BY size_tier ORDER BY rank_in_tier NULLS LAST, rank NULLS LAST, account_id) AS place
FROM ranked_partners
WHERE audience = $audience AND size_tier IN ('nano', 'micro', 'mid', 'macro', 'mega') AND status IN ('recommended', 'watch')
QUALIFY place <= $rows::BIGINT
ORDER BY list_position(['nano', 'micro', 'mid', 'macro', 'mega'], size_tier), place
