-- Makes the pairs of candidates for export, those who share the most first; of one audience or, where it is
-- NULL, of all; both of the $ranks best or picks, or all pairs where $ranks is NULL.
-- From: audience_overlap, latest_runs, ranked_partners. Grain: one row per audience × pair.

SELECT overlap.* EXCLUDE (run_id)
FROM audience_overlap AS overlap
LEFT JOIN ranked_partners AS a ON a.audience = overlap.audience AND a.account_id = overlap.account_id_a
LEFT JOIN ranked_partners AS b ON b.audience = overlap.audience AND b.account_id = overlap.account_id_b
WHERE
    (overlap.run_id, overlap.audience) IN (SELECT (latest.run_id, latest.audience) FROM latest_runs AS latest)
    AND ($audience::VARCHAR IS NULL OR overlap.audience = $audience::VARCHAR)
    AND (
        $ranks::BIGINT IS NULL
        OR ((a.rank <= $ranks::BIGINT OR a.is_pick) AND (b.rank <= $ranks::BIGINT OR b.is_pick))
    )
ORDER BY overlap.audience, overlap.share_of_smaller DESC NULLS LAST, overlap.account_id_a, overlap.account_id_b
