-- Makes: every account that the dataset says anything about. Grain: one row per account.
-- From: `accounts`, `follow_ids`, `interactions`.
SELECT account_id FROM accounts
UNION
SELECT account_id FROM follow_ids
WHERE follows_listed + followers_listed > 0
UNION
SELECT actor_id FROM interactions
UNION
SELECT target_id FROM interactions
