-- Makes: the accounts that are never candidates for an audience. Grain: one row per audience × account.
-- From: `owners` (the accounts an audience is derived from), `brands`, `audience_members`. A brand that bears
-- an audience's name owns it.
SELECT
    audience,
    account_id
FROM owners
UNION
SELECT
    audiences.audience,
    brands.account_id
FROM (SELECT DISTINCT audience FROM audience_members) AS audiences
INNER JOIN brands ON lower(audiences.audience) = lower(brands.brand)
WHERE brands.account_id IS NOT NULL
ORDER BY audience, account_id
