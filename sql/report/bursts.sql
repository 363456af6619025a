-- Makes the days on which chosen accounts gained far more followers than usual.
-- From: growth. Grain: one row per burst, in order of time.

SELECT account_id, class, burst_day, coalesce(last_day, burst_day) AS last_day, sentence
FROM growth
WHERE list_contains($account_ids::VARCHAR[], account_id) AND burst_day IS NOT NULL
ORDER BY account_id, burst_day, source
