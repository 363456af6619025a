-- What an audience can be compared with by name: other audiences, and categories of accounts and brands.
-- From: inputs audience_members, accounts, brands.
-- Grain: one row per kind and name.
SELECT
    'audience' AS kind,
    audience AS name
FROM audience_members
WHERE audience IS NOT NULL
UNION
SELECT
    'category' AS kind,
    category AS name
FROM accounts
WHERE category IS NOT NULL
UNION
SELECT
    'category' AS kind,
    category AS name
FROM brands
WHERE category IS NOT NULL
ORDER BY kind, name
