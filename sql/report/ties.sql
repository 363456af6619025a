-- Makes who follows whom among the candidates that have a card; where the data hold no follows, who speaks to whom.
-- From: carded, graph.accounts, graph.adjacency, graph.interactions. Grain: one row per pair that is joined, the
-- best ranked pairs first, at most $rows; way is 1 where a acts on b, 2 where b acts on a, 3 for both.

WITH chosen AS (
    SELECT accounts.node, accounts.account_id, carded.position AS place
    FROM graph.accounts AS accounts
    INNER JOIN carded ON carded.account_id = accounts.account_id
),

follows AS (
    SELECT
        'follows' AS kind,
        one.place AS place_a,
        other.place AS place_b,
        one.account_id AS account_id_a,
        other.account_id AS account_id_b,
        CASE WHEN pairs.is_following AND pairs.is_follower THEN 3 WHEN pairs.is_following THEN 1 ELSE 2 END AS way
    FROM chosen AS one
    INNER JOIN graph.adjacency AS pairs ON pairs.source = one.node
    INNER JOIN chosen AS other ON pairs.target = other.node
    WHERE one.place < other.place
),

talk AS (
    SELECT
        'talk' AS kind,
        least(one.place, other.place) AS place_a,
        greatest(one.place, other.place) AS place_b,
        any_value(if(one.place < other.place, one.account_id, other.account_id)) AS account_id_a,
        any_value(if(one.place < other.place, other.account_id, one.account_id)) AS account_id_b,
        CASE WHEN count(DISTINCT one.place < other.place) = 2 THEN 3 WHEN bool_or(one.place < other.place) THEN 1 ELSE 2 END AS way
    FROM chosen AS one
    INNER JOIN graph.interactions AS acts ON acts.actor = one.node
    INNER JOIN chosen AS other ON acts.target = other.node
    WHERE one.place <> other.place AND NOT EXISTS (FROM graph.adjacency)
    GROUP BY least(one.place, other.place), greatest(one.place, other.place)
)

SELECT kind, account_id_a, account_id_b, way
FROM (FROM follows UNION ALL FROM talk)
ORDER BY place_a + place_b, place_a
LIMIT $rows::BIGINT
