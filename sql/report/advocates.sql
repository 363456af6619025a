-- Makes who speaks for a brand in one audience: before anything paid first, then the most persistent; at most
-- $rows of each of the $brands that most speak of.
-- From: advocates, ranked_partners. Grain: one row per brand × account.

WITH spoken AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY brand
            ORDER BY
                is_before_paid DESC NULLS LAST, weeks DESC NULLS LAST, first_paid_at IS NOT NULL,
                posts DESC NULLS LAST, account_id
        ) AS place,
        count(*) OVER (PARTITION BY brand) AS speakers
    FROM advocates
    WHERE audience = $audience AND run_id = $run_id
)

SELECT spoken.*, partners.rank, partners.status
FROM spoken
LEFT JOIN ranked_partners AS partners
    ON partners.audience = spoken.audience AND partners.account_id = spoken.account_id
WHERE spoken.place <= $rows::BIGINT
QUALIFY dense_rank() OVER (ORDER BY spoken.speakers DESC, spoken.brand) <= $brands::BIGINT
ORDER BY spoken.speakers DESC, spoken.brand, spoken.place
