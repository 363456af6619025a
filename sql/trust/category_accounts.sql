-- The accounts of a category: those that bear it, and the accounts of brands that do.
-- From: graph accounts; inputs brands. Parameter: category, spelled in any case.
-- Grain: one row per account.
SELECT DISTINCT accounts.node
FROM accounts
WHERE
    lower(trim(accounts.category)) = lower(trim($category))
    OR accounts.account_id IN (
        SELECT account_id FROM brands WHERE lower(trim(category)) = lower(trim($category))
    )
ORDER BY accounts.node
