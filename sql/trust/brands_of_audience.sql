-- The brands that matter to an audience: its own, their rivals, and failing those every brand of the data.
-- Its own are those named like the audience, those of the accounts that it is built on, and those whose name or
-- keyword the audience's name holds as whole words ("northbean" in "northbean-customers"). An account that it is
-- built on and that no brand claims stands for itself. Rivals share a category with an own brand, or are named as
-- competitor from either side.
-- From: inputs brands, audience_owners; graph accounts. Parameter: audience.
-- Words are what stands between blanks and ASCII punctuation: a class of all letters costs more than the rest.
-- Grain: one row per brand and account, own brands first; node is NULL for brands without a known account.
WITH told AS MATERIALIZED (
    SELECT
        brand,
        account_id,
        category,
        list_transform(
            regexp_split_to_array(coalesce(competitor_of, ''), '[,;|]'), lambda name: lower(trim(name))
        ) AS competitors,
        bool_or(
            account_id IN (SELECT account_id FROM audience_owners WHERE audience = $audience)
            OR brand = $audience
            OR len(list_filter(
                list_append(regexp_split_to_array(coalesce(keywords, ''), '[,;|]'), brand),
                lambda name: len(trim(name)) > 2 AND contains(
                    '-' || regexp_replace(lower($audience), '[\s[:punct:]]+', '-', 'g') || '-',
                    '-' || trim(regexp_replace(lower(name), '[\s[:punct:]]+', '-', 'g'), '-') || '-'
                )
            )) > 0
        ) OVER (PARTITION BY brand) AS is_own
    FROM brands
),

own AS (
    SELECT
        array_agg(DISTINCT category) FILTER (category IS NOT NULL) AS categories,
        array_agg(DISTINCT lower(brand)) AS brands,
        flatten(array_agg(competitors)) AS competitors
    FROM told
    WHERE is_own
),

chosen AS (
    SELECT
        told.brand,
        told.account_id,
        told.category,
        CASE
            WHEN told.is_own THEN 'own'
            WHEN
                list_contains(own.categories, told.category)
                OR list_contains(own.competitors, lower(told.brand))
                OR list_has_any(own.brands, told.competitors)
                THEN 'rival'
            WHEN own.brands IS NULL THEN 'talked of'
        END AS relation
    FROM told
    CROSS JOIN own
    UNION ALL
    SELECT
        NULL AS brand,
        account_id,
        NULL AS category,
        'own' AS relation
    FROM audience_owners
    WHERE audience = $audience AND account_id NOT IN (SELECT account_id FROM brands WHERE account_id IS NOT NULL)
)

SELECT
    coalesce(chosen.brand, accounts.handle, chosen.account_id) AS brand,
    chosen.category,
    chosen.relation,
    accounts.node
FROM chosen
LEFT JOIN accounts ON chosen.account_id = accounts.account_id
WHERE chosen.relation IS NOT NULL
ORDER BY chosen.relation, brand, accounts.node
