-- Makes the voices that each group inside one audience follows, at most $voices per group.
-- From: community_voices. Grain: one row per community × account, in order.

SELECT community, account_id, handle, followers_in_community, share, lift
FROM community_voices
WHERE audience = $audience AND run_id = $run_id AND position <= $voices::BIGINT
ORDER BY community, position
