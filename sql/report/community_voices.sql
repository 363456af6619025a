-- Makes the voices that each group inside one audience follows, at most $voices per group, and as many that the
-- whole list hides.
-- From: community_voices. Grain: one row per community × account, in order.

SELECT
    community, account_id, handle, followers_in_community, share, lift, rank_overall,
    coalesce(is_hidden_by_the_list, false) AS is_hidden,
    position <= $voices::BIGINT AS is_among_the_first
FROM community_voices
WHERE audience = $audience AND run_id = $run_id
QUALIFY
    is_among_the_first
    OR (is_hidden AND row_number() OVER (PARTITION BY community, is_hidden ORDER BY position) <= $voices::BIGINT)
ORDER BY community, position
