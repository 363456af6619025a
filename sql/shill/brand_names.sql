-- Every name by which the posts of the data may mean a brand: its own, its keywords, and the handle of its account.
-- From: inputs brands; graph accounts. Grain: one row per name.
SELECT DISTINCT name
FROM (
    SELECT trim(brand) AS name FROM brands
    UNION
    SELECT trim(unnest(regexp_split_to_array(keywords, '[,;|]'))) FROM brands WHERE keywords IS NOT NULL
    UNION
    SELECT accounts.handle FROM brands INNER JOIN accounts ON brands.account_id = accounts.account_id
)
WHERE length(name) > 2
ORDER BY name
