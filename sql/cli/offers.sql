-- Makes what the candidates of one audience ask for: in the currency that budgets are in, or in another.
-- From: ranked_partners.
-- Grain: one row per is_recommended × currency × other_currency, and whether there is a price in either.

SELECT
    status = 'recommended' AS is_recommended,
    price IS NOT NULL AS is_priced,
    other_price IS NOT NULL AS is_priced_elsewhere,
    currency,
    other_currency,
    count(*) AS candidates,
    min(price) AS cheapest
FROM ranked_partners
WHERE audience = $audience
GROUP BY ALL
ORDER BY is_recommended DESC, is_priced DESC, currency, other_currency
