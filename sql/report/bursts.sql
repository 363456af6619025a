-- Makes the days on which the candidates that have a card gained far more followers than usual.
-- From: carded, growth. Grain: one row per burst, in order of time.

SELECT account_id, class, burst_day, coalesce(last_day, burst_day) AS last_day, sentence
FROM growth
WHERE account_id IN (SELECT carded.account_id FROM carded) AND burst_day IS NOT NULL
ORDER BY account_id, burst_day, source
