-- Makes how the accounts that one audience is built on talk with it, those that are spoken to most first.
-- From: own_accounts. Grain: one row per account.

SELECT *
FROM own_accounts
WHERE audience = $audience AND run_id = $run_id
ORDER BY replies_received DESC NULLS LAST, account_id
