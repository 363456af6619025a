-- Makes: the accounts that the owners of a derived audience may mean. Grain: one row per account.
-- From: `known_accounts` (account_id) and `accounts`. A handle is compared without regard to letter case; an account
-- without one is called by its id.
SELECT
    known_accounts.account_id,
    lower(coalesce(accounts.handle, known_accounts.account_id)) AS handle
FROM known_accounts
LEFT JOIN accounts USING (account_id)
WHERE
    list_contains($ids, known_accounts.account_id)
    OR list_contains($handles, lower(accounts.handle))
    OR (accounts.handle IS NULL AND list_contains($handles, known_accounts.account_id))
ORDER BY known_accounts.account_id
