-- The accounts that an audience is built on or whose brand it belongs to; they are no partner candidates.
-- From: inputs audience_owners, brands; graph accounts. Parameter: audience.
-- Grain: one row per account.
SELECT DISTINCT accounts.node
FROM accounts
WHERE
    accounts.account_id IN (SELECT account_id FROM audience_owners WHERE audience = $audience)
    OR accounts.account_id IN (SELECT account_id FROM brands WHERE brand = $audience)
ORDER BY accounts.node
