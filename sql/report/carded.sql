-- Makes whose evidence the report carries: the first $rows of one audience, and every pick wherever it stands.
-- From: ranked_partners, portfolio. Grain: one row per candidate, best first; position counts from 1.

WITH placed AS (
    SELECT
        account_id,
        is_pick,
        row_number() OVER (ORDER BY rank NULLS LAST, account_id) AS position
    FROM ranked_partners
    WHERE audience = $audience
),

picked AS (
    SELECT DISTINCT account_id
    FROM portfolio
    WHERE audience = $audience AND run_id = $run_id
)

SELECT
    placed.account_id,
    placed.position,
    (coalesce(placed.is_pick, false) OR picked.account_id IS NOT NULL) AS is_pick
FROM placed
LEFT JOIN picked ON picked.account_id = placed.account_id
WHERE placed.position <= $rows::BIGINT OR placed.is_pick OR picked.account_id IS NOT NULL
ORDER BY placed.position
