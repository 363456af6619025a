-- Makes the macros that walk the follower graph: neighbours, similar accounts, ways between two, ego networks.
-- From: graph.adjacency (sorted by source, so that a look-up reads one row group), graph.degrees, graph.accounts.
-- Grain: stated in comments_macros.sql.
--
-- Written for speed, measured on 20 million adjacency rows: hops are unrolled, because a recursive query hashes
-- the whole table; nodes are compared with IN (SELECT …), because the comparison with a scalar subquery keeps
-- the scan from being narrowed; both sides of every join are UINTEGER.

CREATE MACRO neighbours(h, hops := 1, ways := 'both') AS TABLE
WITH origin AS MATERIALIZED (
    SELECT
        CASE
            WHEN hops IS NULL OR hops NOT IN (1, 2, 3) THEN error('hops is 1, 2 or 3')
            WHEN ways IS NULL OR lower(ways) NOT IN ('both', 'following', 'followers')
                THEN error('ways is ''both'', ''following'' or ''followers''')
            ELSE node_of(h)
        END AS node
),

hop_1 AS MATERIALIZED (
    SELECT DISTINCT ties.target AS node
    FROM graph.adjacency AS ties
    WHERE ties.source IN (SELECT origin.node FROM origin)
        AND (lower(ways) <> 'following' OR ties.is_following)
        AND (lower(ways) <> 'followers' OR ties.is_follower)
),

hop_2 AS MATERIALIZED (
    SELECT DISTINCT ties.target AS node
    FROM graph.adjacency AS ties
    WHERE hops >= 2
        AND ties.source IN (SELECT hop_1.node FROM hop_1)
        AND (lower(ways) <> 'following' OR ties.is_following)
        AND (lower(ways) <> 'followers' OR ties.is_follower)
),

hop_3 AS (
    SELECT DISTINCT ties.target AS node
    FROM graph.adjacency AS ties
    WHERE hops >= 3
        AND ties.source IN (SELECT hop_2.node FROM hop_2)
        AND (lower(ways) <> 'following' OR ties.is_following)
        AND (lower(ways) <> 'followers' OR ties.is_follower)
),

nearest AS (
    SELECT reached.node, min(reached.hop) AS hop
    FROM (
        SELECT hop_1.node, 1 AS hop FROM hop_1
        UNION ALL
        SELECT hop_2.node, 2 AS hop FROM hop_2
        UNION ALL
        SELECT hop_3.node, 3 AS hop FROM hop_3
    ) AS reached
    WHERE reached.node NOT IN (SELECT origin.node FROM origin)
    GROUP BY reached.node
)

SELECT
    nearest.hop, accounts.handle, accounts.account_id, accounts.display_name,
    accounts.followers_count, accounts.is_candidate, accounts.is_in_audience
FROM nearest
JOIN graph.accounts AS accounts ON accounts.node = nearest.node
ORDER BY nearest.hop, accounts.followers_count DESC NULLS LAST, accounts.account_id;

CREATE MACRO similar_to(h, n := 10) AS TABLE
WITH origin AS MATERIALIZED (SELECT node_of(h) AS node),

own_followers AS MATERIALIZED (
    SELECT ties.target AS node
    FROM graph.adjacency AS ties
    WHERE ties.source IN (SELECT origin.node FROM origin) AND ties.is_follower
),

followed_too AS (
    SELECT ties.target AS node, count(*) AS shared_followers
    FROM graph.adjacency AS ties
    WHERE ties.source IN (SELECT own_followers.node FROM own_followers)
        AND ties.is_following
        AND ties.target NOT IN (SELECT origin.node FROM origin)
    GROUP BY ties.target
),

measured AS (
    SELECT
        followed_too.node,
        followed_too.shared_followers,
        followed_too.shared_followers
        / (degrees.followers + (SELECT count(*) FROM own_followers) - followed_too.shared_followers) AS jaccard,
        followed_too.shared_followers
        / least(degrees.followers, (SELECT count(*) FROM own_followers)) AS share_of_smaller
    FROM followed_too
    JOIN graph.degrees AS degrees ON degrees.node = followed_too.node
    ORDER BY jaccard DESC, followed_too.shared_followers DESC, followed_too.node
    LIMIT n
)

SELECT
    accounts.handle, accounts.account_id, accounts.display_name,
    measured.shared_followers, measured.jaccard, measured.share_of_smaller,
    accounts.followers_count, accounts.is_candidate
FROM measured
JOIN graph.accounts AS accounts ON accounts.node = measured.node
ORDER BY measured.jaccard DESC, measured.shared_followers DESC, measured.node;

CREATE MACRO shared_followers(a, b) AS TABLE
SELECT
    accounts.handle, accounts.account_id, accounts.display_name,
    accounts.followers_count, accounts.is_in_audience
FROM graph.adjacency AS ties_a
JOIN graph.adjacency AS ties_b ON ties_b.target = ties_a.target
JOIN graph.accounts AS accounts ON accounts.node = ties_a.target
WHERE ties_a.source IN (SELECT node_of(a)) AND ties_a.is_follower
    AND ties_b.source IN (SELECT node_of(b)) AND ties_b.is_follower
ORDER BY accounts.followers_count DESC NULLS LAST, accounts.account_id;

-- Shortest ways, follows taken in either direction. Each level reads nothing once a shorter way is found,
-- because the rows it would start from are gone. At four steps one way stands for each midpoint: all of them
-- would be a product of two neighbourhoods.
CREATE MACRO between_two(a, b, n := 20) AS TABLE
WITH origin AS MATERIALIZED (SELECT node_of(a) AS node),

goal AS MATERIALIZED (SELECT node_of(b) AS node),

near_a AS MATERIALIZED (
    SELECT ties.target AS node
    FROM graph.adjacency AS ties
    WHERE ties.source IN (SELECT origin.node FROM origin)
        AND (SELECT origin.node FROM origin) NOT IN (SELECT goal.node FROM goal)
),

near_b AS MATERIALIZED (
    SELECT ties.target AS node
    FROM graph.adjacency AS ties
    WHERE ties.source IN (SELECT goal.node FROM goal)
),

one AS MATERIALIZED (
    SELECT near_a.node FROM near_a WHERE near_a.node IN (SELECT goal.node FROM goal)
),

two AS MATERIALIZED (
    SELECT near_a.node
    FROM near_a
    WHERE NOT EXISTS (FROM one) AND near_a.node IN (SELECT near_b.node FROM near_b)
),

open_a AS MATERIALIZED (
    SELECT near_a.node FROM near_a WHERE NOT EXISTS (FROM one) AND NOT EXISTS (FROM two)
),

three AS MATERIALIZED (
    SELECT ties.source AS first, ties.target AS second
    FROM graph.adjacency AS ties
    WHERE ties.source IN (SELECT open_a.node FROM open_a)
        AND ties.target IN (SELECT near_b.node FROM near_b)
),

far_a AS MATERIALIZED (
    SELECT ties.target AS middle, min(ties.source) AS first
    FROM graph.adjacency AS ties
    WHERE ties.source IN (SELECT open_a.node FROM open_a WHERE NOT EXISTS (FROM three))
    GROUP BY ties.target
),

far_b AS (
    SELECT ties.target AS middle, min(ties.source) AS last
    FROM graph.adjacency AS ties
    WHERE ties.source IN (SELECT near_b.node FROM near_b WHERE EXISTS (FROM far_a))
    GROUP BY ties.target
),

paths AS (
    SELECT 1 AS steps, [(SELECT origin.node FROM origin), one.node] AS nodes FROM one
    UNION ALL
    SELECT 2, [(SELECT origin.node FROM origin), two.node, (SELECT goal.node FROM goal)] FROM two
    UNION ALL
    SELECT 3, [(SELECT origin.node FROM origin), three.first, three.second, (SELECT goal.node FROM goal)]
    FROM three
    UNION ALL
    SELECT
        4,
        [(SELECT origin.node FROM origin), far_a.first, far_a.middle, far_b.last, (SELECT goal.node FROM goal)]
    FROM far_a
    JOIN far_b ON far_b.middle = far_a.middle
),

chosen AS (
    SELECT paths.steps, paths.nodes, row_number() OVER (ORDER BY paths.nodes) AS path
    FROM paths
    ORDER BY paths.nodes
    LIMIT n
),

stations AS (
    SELECT chosen.path, chosen.steps, unnest(chosen.nodes) AS node, generate_subscripts(chosen.nodes, 1) AS place
    FROM chosen
)

SELECT
    stations.steps,
    list(coalesce(accounts.handle, accounts.account_id) ORDER BY stations.place) AS way,
    list(accounts.account_id ORDER BY stations.place) AS account_ids
FROM stations
JOIN graph.accounts AS accounts ON accounts.node = stations.node
GROUP BY stations.path, stations.steps
ORDER BY stations.path;

CREATE MACRO ego(h, n := 30) AS TABLE
WITH origin AS MATERIALIZED (SELECT node_of(h) AS node),

circle AS MATERIALIZED (
    SELECT origin.node FROM origin
    UNION ALL
    (
        SELECT ties.target AS node
        FROM graph.adjacency AS ties
        JOIN graph.degrees AS degrees ON degrees.node = ties.target
        WHERE ties.source IN (SELECT origin.node FROM origin)
        ORDER BY degrees.followers DESC, ties.target
        LIMIT n
    )
)

SELECT
    followers.handle AS follower_handle,
    followers.account_id AS follower_id,
    followees.handle AS followee_handle,
    followees.account_id AS followee_id,
    ties.is_follower AS is_mutual
FROM graph.adjacency AS ties
JOIN graph.accounts AS followers ON followers.node = ties.source
JOIN graph.accounts AS followees ON followees.node = ties.target
WHERE ties.source IN (SELECT circle.node FROM circle)
    AND ties.target IN (SELECT circle.node FROM circle)
    AND ties.is_following
ORDER BY ties.source, ties.target;
