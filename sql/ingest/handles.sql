-- Makes: the accounts that the owners of a derived audience may mean. Grain: one row per account.
-- From: `known_accounts` (account_id) and `accounts`. A handle is compared without regard to letter case.
SELECT
    known_accounts.account_id,
    lower(accounts.handle) AS handle
FROM known_accounts
LEFT JOIN accounts USING (account_id)
WHERE
    list_contains($ids, known_accounts.account_id)
    OR list_contains($handles, lower(accounts.handle))
ORDER BY known_accounts.account_id
