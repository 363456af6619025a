-- Makes what the followers of chosen accounts look like.
-- From: follower_types. Grain: one row per account × type, ordinary people first.

SELECT
    account_id,
    profile_type,
    round(share, 4) AS share,
    round(share_low, 4) AS share_low,
    round(share_high, 4) AS share_high,
    n
FROM follower_types
WHERE list_contains($account_ids::VARCHAR[], account_id) AND n > 0
ORDER BY account_id, list_position(['real', 'influencer', 'mass', 'dormant', 'suspicious'], profile_type), profile_type
