-- Every group, without a threshold where its score is held against none: an earlier Vouch kept that of accounts
-- beside the score of engagement pods.
-- From: signal_groups. Grain: one row per group.
SELECT * REPLACE (CASE WHEN kind <> 'engagement_pod' THEN threshold END AS threshold)
FROM signal_groups
