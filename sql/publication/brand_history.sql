-- How the talk of each brand went, of the accounts that the published graph holds.
-- From: brand_ties; graph accounts, touched. Grain: one row per account and brand.
SELECT
    accounts.account_id,
    accounts.handle,
    brand_ties.* EXCLUDE (node)
FROM brand_ties
INNER JOIN accounts ON brand_ties.node = accounts.node
WHERE brand_ties.node IN (SELECT node FROM touched)
