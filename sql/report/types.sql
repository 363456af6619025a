-- Makes what the followers of the candidates that have a card look like.
-- From: carded, follower_types. Grain: one row per account × type, ordinary people first.

SELECT
    account_id,
    profile_type,
    share,
    share_low,
    share_high,
    n
FROM follower_types
WHERE account_id IN (SELECT carded.account_id FROM carded) AND n > 0
ORDER BY account_id, list_position(['real', 'influencer', 'mass', 'dormant', 'suspicious'], profile_type), profile_type
