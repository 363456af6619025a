-- The audience's own accounts: those that it is built on, and those of its own brands. They are no partner candidates.
-- From: brands_of_audience.
-- Grain: one row per account.
SELECT DISTINCT node
FROM brands_of_audience
WHERE relation = 'own' AND node IS NOT NULL
ORDER BY node
