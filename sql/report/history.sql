-- Makes how many followers the candidates that have a card had over time.
-- From: carded, follower_history. Grain: one row per account × day, in order of time.

SELECT account_id, day, followers, source
FROM follower_history
WHERE account_id IN (SELECT carded.account_id FROM carded)
ORDER BY account_id, day
