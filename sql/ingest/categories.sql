-- Makes: the categories that accounts and brands name. Grain: one row per spelling.
-- From: `accounts`, `brands`.
SELECT category FROM accounts
WHERE category IS NOT NULL
UNION
SELECT category FROM brands
WHERE category IS NOT NULL
ORDER BY category
