-- Posts of members and candidates that name one of the brands, by its words or by a mention of its account, with
-- what they say about being paid and the texts that may hold a call to share. Not among them: the brand's own
-- posts, passed-on posts ("RT @...", somebody else's words), and roll calls of more than most_mentioned accounts.
-- From: inputs posts, interactions; graph accounts; brands_of_audience; brand_mentions, post_classes; members,
-- candidates (node). Parameter: most_mentioned. Grain: one row per post and brand; week as in word_of_mouth_events.
-- is_answer: the post answers the brand itself. is_paid: it says or looks so, or leaves it open; neither for posts
-- of brands.
WITH brand_accounts AS MATERIALIZED (
    SELECT
        brands_of_audience.brand,
        accounts.node,
        accounts.account_id,
        '@' || lower(accounts.handle) AS handle
    FROM brands_of_audience
    INNER JOIN accounts ON brands_of_audience.node = accounts.node
),

named AS MATERIALIZED (
    SELECT
        post_id,
        brand
    FROM brand_mentions
    WHERE brand IN (SELECT brand FROM brands_of_audience)
    UNION
    SELECT
        interactions.post_id,
        brand_accounts.brand
    FROM interactions
    INNER JOIN brand_accounts ON interactions.target_id = brand_accounts.account_id
    WHERE interactions.kind = 'mention' AND interactions.post_id IS NOT NULL
),

spoken AS MATERIALIZED (
    SELECT
        named.brand,
        posts.post_id,
        posts.text,
        posts.posted_at,
        posts.author_id,
        author.node AS author,
        parent.post_id AS answered_post_id,
        parent_author.node AS answered,
        parent.text AS answered_text
    FROM named
    INNER JOIN posts ON named.post_id = posts.post_id
    INNER JOIN accounts AS author ON posts.author_id = author.account_id
    LEFT JOIN posts AS parent ON posts.reply_to_post_id = parent.post_id
    LEFT JOIN accounts AS parent_author ON parent.author_id = parent_author.account_id
    WHERE
        NOT starts_with(coalesce(posts.text, ''), 'RT @')
        AND length(regexp_extract_all(coalesce(posts.text, ''), '@\w+')) <= $most_mentioned
        AND (author.node IN (SELECT node FROM members) OR author.node IN (SELECT node FROM candidates))
        AND NOT exists(
            SELECT 1
            FROM brand_accounts
            WHERE brand_accounts.brand = named.brand AND brand_accounts.node = author.node
        )
),

-- As in word_of_mouth_events: by the post that is answered, a reply at the same moment, or the handles in front.
answers AS (
    SELECT DISTINCT
        spoken.post_id,
        spoken.brand
    FROM spoken
    INNER JOIN brand_accounts ON spoken.brand = brand_accounts.brand
    LEFT JOIN interactions AS replies
        ON
            spoken.author_id = replies.actor_id
            AND brand_accounts.account_id = replies.target_id
            AND spoken.posted_at = replies.occurred_at
            AND replies.kind = 'reply'
    WHERE
        spoken.answered = brand_accounts.node
        OR replies.actor_id IS NOT NULL
        OR (
            NOT (SELECT count(reply_to_post_id) > 0 FROM posts)
            AND list_contains(
                regexp_extract_all(lower(regexp_extract(spoken.text, '^\s*(@\w+\s+)+')), '@\w+'),
                brand_accounts.handle
            )
        )
)

SELECT
    spoken.brand,
    spoken.post_id,
    spoken.author,
    spoken.author IN (SELECT node FROM members) AS is_member,
    spoken.posted_at,
    coalesce(CAST(floor((epoch(spoken.posted_at) + 259200) / 604800) AS BIGINT), -1) AS week,
    spoken.answered_post_id,
    spoken.answered,
    answers.post_id IS NOT NULL AS is_answer,
    spoken.text,
    spoken.answered_text,
    classes.post_class = 'organic' AND classes.hidden_probability < 0.5 AS is_unpaid,
    classes.post_class NOT IN ('organic', 'own_brand') AS is_paid
FROM spoken
INNER JOIN post_classes AS classes ON spoken.post_id = classes.post_id
LEFT JOIN answers ON spoken.post_id = answers.post_id AND spoken.brand = answers.brand
ORDER BY spoken.brand, spoken.author, spoken.posted_at, spoken.post_id
