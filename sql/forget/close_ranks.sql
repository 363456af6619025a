-- Makes a ranking whose places are without a gap again after rows were taken out of it; who stood behind moves up, and
-- so do the ends of the interval. From: taken_out (a ranking less some rows), whole (the ranking before).
-- Grain: one row per run × audience × candidate, as in the ranking.

WITH gone AS (
    SELECT run_id, audience, size_tier, rank, rank_in_tier
    FROM whole
    WHERE rank IS NOT NULL AND (run_id, audience, account_id) NOT IN (
        SELECT (taken_out.run_id, taken_out.audience, taken_out.account_id) FROM taken_out
    )
),

gaps AS (
    SELECT
        run_id,
        audience,
        list(rank) AS places,
        list({'tier': size_tier, 'place': rank_in_tier}) FILTER (rank_in_tier IS NOT NULL) AS in_tiers
    FROM gone
    GROUP BY run_id, audience
)

SELECT taken_out.* REPLACE (
    CAST(taken_out.rank - len(list_filter(coalesce(gaps.places, []), lambda p: p < taken_out.rank)) AS INTEGER) AS rank,
    CAST(
        taken_out.rank_low - len(list_filter(coalesce(gaps.places, []), lambda p: p < taken_out.rank_low)) AS INTEGER
    ) AS rank_low,
    CAST(
        taken_out.rank_high - len(list_filter(coalesce(gaps.places, []), lambda p: p < taken_out.rank_high)) AS INTEGER
    ) AS rank_high,
    CAST(
        taken_out.rank_in_tier - len(list_filter(
            coalesce(gaps.in_tiers, []),
            lambda p: p.tier = taken_out.size_tier AND p.place < taken_out.rank_in_tier
        )) AS INTEGER
    ) AS rank_in_tier
)
FROM taken_out
LEFT JOIN gaps ON gaps.run_id = taken_out.run_id AND gaps.audience = taken_out.audience
