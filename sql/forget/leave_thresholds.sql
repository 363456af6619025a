-- Makes groups without the thresholds that their scores were never held against: an earlier Vouch published that of
-- accounts beside the score of engagement pods.
-- From: taken_out (signal_groups less some rows). Grain: one row per group.

SELECT * REPLACE (CASE WHEN kind <> 'engagement_pod' THEN threshold END AS threshold)
FROM taken_out
