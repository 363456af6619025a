-- Pairs of brands that compete, as delivered; a brand may name several rivals, separated by commas.
-- From: inputs brands. Grain: one row per unordered pair.
WITH named AS (
    SELECT
        brand,
        trim(unnest(regexp_split_to_array(competitor_of, '[,;|]'))) AS rival
    FROM brands
    WHERE competitor_of IS NOT NULL
)

SELECT DISTINCT
    least(brand, rival) AS brand,
    greatest(brand, rival) AS rival
FROM named
WHERE brand <> rival AND rival IN (SELECT brand FROM brands)
ORDER BY brand, rival
