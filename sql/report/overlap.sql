-- Makes how much audience candidates share, and of each candidate those who are most like it, at most $similar.
-- From: audience_overlap. Grain: one row per pair and end: account_id_b is looked at from account_id_a.

WITH both_ends AS (
    SELECT account_id_a, account_id_b, shared_followers, share_of_smaller, jaccard
    FROM audience_overlap
    WHERE audience = $audience AND run_id = $run_id
    UNION ALL
    SELECT account_id_b AS account_id_a, account_id_a AS account_id_b, shared_followers, share_of_smaller, jaccard
    FROM audience_overlap
    WHERE audience = $audience AND run_id = $run_id
)

SELECT
    account_id_a,
    account_id_b,
    shared_followers,
    share_of_smaller,
    row_number() OVER (
        PARTITION BY account_id_a ORDER BY jaccard DESC NULLS LAST, share_of_smaller DESC NULLS LAST, account_id_b
    ) <= $similar::BIGINT AND shared_followers > 0 AS is_similar
FROM both_ends
ORDER BY account_id_a, jaccard DESC NULLS LAST, share_of_smaller DESC NULLS LAST, account_id_b
