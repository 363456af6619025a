-- Makes how much audience the chosen accounts share, pair by pair.
-- From: audience_overlap. Grain: one row per pair.

SELECT account_id_a, account_id_b, shared_followers, share_of_smaller
FROM audience_overlap
WHERE
    audience = $audience
    AND run_id = $run_id
    AND list_contains($account_ids::VARCHAR[], account_id_a)
    AND list_contains($account_ids::VARCHAR[], account_id_b)
ORDER BY account_id_a, account_id_b
