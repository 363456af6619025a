-- Makes the pairs of candidates for export, those who share the most first; of one audience or, where it is
-- NULL, of all.
-- From: audience_overlap, latest_runs. Grain: one row per audience × pair.

SELECT overlap.* EXCLUDE (run_id)
FROM audience_overlap AS overlap
WHERE
    (overlap.run_id, overlap.audience) IN (SELECT (latest.run_id, latest.audience) FROM latest_runs AS latest)
    AND ($audience::VARCHAR IS NULL OR overlap.audience = $audience::VARCHAR)
ORDER BY overlap.audience, overlap.share_of_smaller DESC NULLS LAST, overlap.account_id_a, overlap.account_id_b
