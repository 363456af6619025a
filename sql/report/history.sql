-- Makes how many followers chosen accounts had over time.
-- From: follower_history. Grain: one row per account × day, in order of time.

SELECT account_id, day, followers, source
FROM follower_history
WHERE list_contains($account_ids::VARCHAR[], account_id)
ORDER BY account_id, day
