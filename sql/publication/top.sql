-- The first candidates of each audience, for a look at what was published. From: ranked_partners. Parameter: n.
-- Grain: one row per audience and candidate.
SELECT audience, rank, rank_low, rank_high, handle, status, score, reach_share, lift_low, trust, shill_probability
FROM ranked_partners
WHERE rank <= $n
ORDER BY audience, rank
