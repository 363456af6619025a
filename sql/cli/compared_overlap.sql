-- Makes how far the accounts to compare reach the same members, for each pair of them.
-- From: audience_overlap where the run listed the pair; else counted from audience_members and graph.adjacency, in
-- the same way, where attention means follows. Grain: one row per pair, in the order the accounts were named.

WITH named AS (
    SELECT
        account_id,
        handle,
        audience_followers,
        coalesce(attention_basis, '') = 'follows' AS is_by_follows,
        list_position($accounts::VARCHAR[], account_id) AS place
    FROM ranked_partners
    WHERE audience = $audience AND list_contains($accounts::VARCHAR[], account_id)
),

members AS MATERIALIZED (
    SELECT accounts.node
    FROM audience_members AS listed
    INNER JOIN graph.accounts AS accounts ON accounts.account_id = listed.account_id
    WHERE listed.run_id = $run_id AND listed.audience = $audience
),

listeners AS MATERIALIZED (
    SELECT named.account_id, ties.target AS node
    FROM named
    INNER JOIN graph.accounts AS accounts ON accounts.account_id = named.account_id
    INNER JOIN graph.adjacency AS ties ON ties.source = accounts.node
    WHERE named.is_by_follows AND ties.is_follower AND ties.target IN (SELECT members.node FROM members)
),

counted AS (
    SELECT one.account_id AS account_id_a, other.account_id AS account_id_b, count(*) AS shared_followers
    FROM listeners AS one
    INNER JOIN listeners AS other ON other.node = one.node
    GROUP BY ALL
),

pairs AS (
    SELECT
        a.account_id AS account_id_a,
        a.handle AS handle_a,
        a.audience_followers AS followers_a,
        b.account_id AS account_id_b,
        b.handle AS handle_b,
        b.audience_followers AS followers_b,
        a.place AS place_a,
        b.place AS place_b,
        coalesce(
            (
                SELECT any_value(listed.shared_followers)
                FROM audience_overlap AS listed
                WHERE listed.run_id = $run_id AND listed.audience = $audience
                    AND listed.account_id_a IN (a.account_id, b.account_id)
                    AND listed.account_id_b IN (a.account_id, b.account_id)
            ),
            counted.shared_followers,
            CASE WHEN a.is_by_follows AND b.is_by_follows THEN 0 END
        ) AS shared_followers
    FROM named AS a
    INNER JOIN named AS b ON b.place > a.place
    LEFT JOIN counted ON counted.account_id_a = a.account_id AND counted.account_id_b = b.account_id
)

SELECT
    account_id_a,
    handle_a,
    account_id_b,
    handle_b,
    shared_followers,
    shared_followers / nullif(least(followers_a, followers_b), 0) AS share_of_smaller,
    shared_followers / nullif(followers_a + followers_b - shared_followers, 0) AS jaccard,
    1 - shared_followers / nullif(followers_a, 0) AS exclusive_share_a,
    1 - shared_followers / nullif(followers_b, 0) AS exclusive_share_b
FROM pairs
ORDER BY place_a, place_b
