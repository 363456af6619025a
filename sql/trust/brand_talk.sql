-- Talk about each brand: what members say in their own words and to each other, told apart from what they do with
-- the posts of the brand's own accounts (reposts, quotes, replies). Own words are unpaid posts that name the brand,
-- that nobody called for and that do not answer the brand; a mention whose post is not in the data counts as one,
-- unless a repost or a reply at the same moment says that the words are another's or answer the brand.
-- From: inputs interactions, posts; graph accounts; brands_of_audience; brand_posts (rows of brand_talk_posts with
-- is_prompted); members (node); community_members. Parameters: run_id, audience.
-- Grain: one row per brand, own brands first. Unknown stays NULL: what is pushed without such interactions or a known
-- account, own words without posts and mentions, communities without groups.
WITH known AS MATERIALIZED (
    SELECT
        (SELECT count(*) FROM posts) > 0 AS posts,
        (SELECT count(*) FROM interactions WHERE kind IN ('repost', 'quote', 'reply')) > 0 AS passing,
        (SELECT count(*) FROM interactions WHERE kind = 'mention') > 0 AS mentions,
        (SELECT count(*) FROM community_members WHERE community >= 0) > 0 AS communities
),

brand_accounts AS MATERIALIZED (
    SELECT
        brands_of_audience.brand,
        accounts.node,
        accounts.account_id
    FROM brands_of_audience
    INNER JOIN accounts ON brands_of_audience.node = accounts.node
),

people AS MATERIALIZED (
    SELECT
        node,
        account_id
    FROM accounts
    WHERE node IN (SELECT node FROM members)
),

acts AS MATERIALIZED (
    SELECT
        people.node AS actor,
        interactions.target_id,
        interactions.kind,
        interactions.post_id,
        interactions.occurred_at
    FROM interactions
    INNER JOIN people ON interactions.actor_id = people.account_id
    WHERE
        interactions.kind IN ('mention', 'quote', 'repost', 'reply')
        AND interactions.actor_id <> interactions.target_id
),

on_brand AS MATERIALIZED (
    SELECT
        brand_accounts.brand,
        acts.actor AS node,
        acts.target_id,
        acts.kind,
        acts.post_id,
        acts.occurred_at
    FROM acts
    INNER JOIN brand_accounts ON acts.target_id = brand_accounts.account_id
    -- A member that is the brand itself does not talk about it.
    LEFT JOIN brand_accounts AS itself ON acts.actor = itself.node AND brand_accounts.brand = itself.brand
    WHERE itself.node IS NULL
),

pushed AS MATERIALIZED (
    SELECT
        brand,
        node
    FROM on_brand
    WHERE kind <> 'mention'
),

own_words AS MATERIALIZED (
    SELECT
        brand,
        author AS node,
        post_id,
        week,
        answered,
        answered_post_id,
        posted_at AS spoken_at
    FROM brand_posts
    WHERE is_member AND is_unpaid AND NOT is_prompted AND NOT is_answer
    UNION ALL
    SELECT
        on_brand.brand,
        on_brand.node,
        NULL AS post_id,
        coalesce(CAST(floor((epoch(on_brand.occurred_at) + 259200) / 604800) AS BIGINT), -1) AS week,
        NULL AS answered,
        NULL AS answered_post_id,
        on_brand.occurred_at AS spoken_at
    FROM on_brand
    LEFT JOIN posts ON on_brand.post_id = posts.post_id
    WHERE
        on_brand.kind = 'mention'
        AND posts.post_id IS NULL
        AND NOT exists(
            SELECT 1
            FROM acts
            WHERE
                acts.actor = on_brand.node
                AND acts.occurred_at = on_brand.occurred_at
                AND (acts.kind = 'repost' OR (acts.kind = 'reply' AND acts.target_id = on_brand.target_id))
        )
),

-- One member to another: who answers, passes on or quotes another's own words, whom they mention in them, and whom
-- they answer with them. A reply may be known from posts and interactions; it is one event.
exchanges AS MATERIALIZED (
    SELECT
        own_words.brand,
        acts.actor,
        own_words.node AS other,
        acts.kind,
        acts.post_id,
        acts.occurred_at AS spoken_at
    FROM own_words
    INNER JOIN acts ON own_words.post_id = acts.post_id AND own_words.node <> acts.actor
    WHERE acts.kind <> 'mention'
    UNION
    SELECT
        own_words.brand,
        own_words.node AS actor,
        people.node AS other,
        acts.kind,
        acts.post_id,
        acts.occurred_at AS spoken_at
    FROM own_words
    INNER JOIN acts ON own_words.post_id = acts.post_id AND own_words.node = acts.actor
    INNER JOIN people ON acts.target_id = people.account_id
    WHERE acts.kind = 'mention'
    UNION
    SELECT
        own_words.brand,
        own_words.node AS actor,
        own_words.answered AS other,
        'reply' AS kind,
        own_words.answered_post_id AS post_id,
        own_words.spoken_at
    FROM own_words
    INNER JOIN people ON own_words.answered = people.node
    WHERE own_words.answered <> own_words.node
),

between_members AS MATERIALIZED (
    SELECT exchanges.*
    FROM exchanges
    LEFT JOIN brand_accounts AS itself
        ON exchanges.brand = itself.brand AND itself.node IN (exchanges.actor, exchanges.other)
    WHERE itself.node IS NULL
),

published AS (
    SELECT
        brand_accounts.brand,
        count(*) AS posts
    FROM posts
    INNER JOIN brand_accounts ON posts.author_id = brand_accounts.account_id
    GROUP BY brand_accounts.brand
),

pushed_by_brand AS (
    SELECT
        brand,
        count(*) AS events,
        count(DISTINCT node) AS voices
    FROM pushed
    GROUP BY brand
),

words_by_brand AS (
    SELECT
        own_words.brand,
        count(*) AS posts,
        count(own_words.post_id) AS posts_read,
        count(DISTINCT own_words.node) AS voices,
        count(DISTINCT own_words.week) FILTER (own_words.week >= 0) AS weeks,
        count(DISTINCT homes.community) FILTER (homes.community >= 0) AS communities
    FROM own_words
    LEFT JOIN community_members AS homes ON own_words.node = homes.node
    GROUP BY own_words.brand
),

exchanges_by_brand AS (
    SELECT
        brand,
        count(DISTINCT (actor, other, kind, post_id, spoken_at)) AS events,
        count(DISTINCT node) AS voices
    FROM (SELECT *, unnest([actor, other]) AS node FROM between_members)
    GROUP BY brand
),

talking AS (
    SELECT
        brand,
        count(DISTINCT node) AS voices
    FROM (SELECT brand, node FROM pushed UNION SELECT brand, node FROM own_words)
    GROUP BY brand
),

paid AS (
    SELECT
        brand,
        count(*) AS posts
    FROM brand_posts
    WHERE is_member AND is_paid
    GROUP BY brand
),

brand AS (
    SELECT
        brand,
        min(relation) AS relation,
        count(node) > 0 AS has_account
    FROM brands_of_audience
    GROUP BY brand
)

SELECT
    $run_id AS run_id,
    $audience AS audience,
    brand.brand,
    brand.relation,
    CASE WHEN known.posts AND brand.has_account THEN coalesce(published.posts, 0) END AS brand_posts,
    CASE WHEN known.passing AND brand.has_account THEN coalesce(pushed_by_brand.events, 0) END AS pushed_events,
    CASE WHEN known.passing AND brand.has_account THEN coalesce(pushed_by_brand.voices, 0) END AS pushed_voices,
    CASE WHEN known.posts OR known.mentions THEN coalesce(words_by_brand.posts, 0) END AS member_posts,
    CASE WHEN known.posts OR known.mentions THEN coalesce(words_by_brand.voices, 0) END AS member_voices,
    CASE WHEN known.posts THEN coalesce(exchanges_by_brand.events, 0) END AS member_to_member_events,
    CASE WHEN known.posts THEN coalesce(exchanges_by_brand.voices, 0) END AS member_to_member_voices,
    CASE
        WHEN known.passing AND brand.has_account AND (known.posts OR known.mentions)
            THEN coalesce(words_by_brand.voices, 0) / nullif(talking.voices, 0)
    END AS member_talk_share,
    CASE WHEN known.posts OR known.mentions THEN coalesce(words_by_brand.weeks, 0) END AS weeks,
    CASE
        WHEN known.communities AND (known.posts OR known.mentions) THEN coalesce(words_by_brand.communities, 0)
    END AS communities,
    coalesce(talking.voices, 0) - coalesce(words_by_brand.voices, 0) AS pushed_only_voices,
    coalesce(words_by_brand.posts_read, 0) AS posts_read,
    coalesce(paid.posts, 0) AS paid_posts
FROM brand
CROSS JOIN known
LEFT JOIN published ON brand.brand = published.brand
LEFT JOIN pushed_by_brand ON brand.brand = pushed_by_brand.brand
LEFT JOIN words_by_brand ON brand.brand = words_by_brand.brand
LEFT JOIN exchanges_by_brand ON brand.brand = exchanges_by_brand.brand
LEFT JOIN talking ON brand.brand = talking.brand
LEFT JOIN paid ON brand.brand = paid.brand
ORDER BY brand.relation <> 'own', coalesce(talking.voices, 0) DESC, brand.brand
