-- Makes whose evidence the report carries: the first $rows of one audience, every pick, and of those whom the risk
-- keeps from a recommendation the $warned that reach the most, and as many of the others whom a person labelled, since
-- somebody will ask about them.
-- From: ranked_partners, portfolio. Grain: one row per candidate, best first; position counts from 1.

WITH picked AS (
    SELECT DISTINCT account_id
    FROM portfolio
    WHERE audience = $audience AND run_id = $run_id
),

placed AS (
    SELECT
        partners.account_id,
        (coalesce(partners.is_pick, false) OR picked.account_id IS NOT NULL) AS is_pick,
        row_number() OVER (ORDER BY partners.rank NULLS LAST, partners.account_id) AS position,
        coalesce(partners.status = 'avoid' OR partners.status_reason = 'shill_probability_high', false) AS is_warned,
        (NOT is_warned AND partners.review IS NOT NULL) AS is_labelled,
        row_number() OVER (
            PARTITION BY is_warned, is_labelled ORDER BY partners.reach_share DESC NULLS LAST, partners.account_id
        ) AS place_by_reach
    FROM ranked_partners AS partners
    LEFT JOIN picked ON picked.account_id = partners.account_id
    WHERE partners.audience = $audience
)

SELECT account_id, position, is_pick
FROM placed
WHERE position <= $rows::BIGINT OR is_pick OR ((is_warned OR is_labelled) AND place_by_reach <= $warned::BIGINT)
ORDER BY position
