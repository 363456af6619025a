-- Makes: every account that the dataset says anything about. Grain: one row per account.
-- From: `accounts`, `follows`, `interactions`.
SELECT account_id FROM accounts
UNION
SELECT follower_id FROM follows
UNION
SELECT followee_id FROM follows
UNION
SELECT actor_id FROM interactions
UNION
SELECT target_id FROM interactions
