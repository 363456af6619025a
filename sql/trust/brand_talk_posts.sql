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

speakers AS MATERIALIZED (
    SELECT
        node,
        account_id
    FROM accounts
    WHERE node IN (SELECT node FROM members) OR node IN (SELECT node FROM candidates)
),

-- Few posts name a brand: they are picked first, so that no join has to carry all texts.
written AS MATERIALIZED (
    SELECT
        post_id,
        text,
        posted_at,
        author_id,
        reply_to_post_id
    FROM posts
    WHERE
        post_id IN (SELECT post_id FROM named)
        AND NOT starts_with(coalesce(text, ''), 'RT @')
        AND length(regexp_extract_all(coalesce(text, ''), '@\w+')) <= $most_mentioned
),

parents AS MATERIALIZED (
    SELECT
        posts.post_id,
        posts.text,
        accounts.node
    FROM posts
    INNER JOIN accounts ON posts.author_id = accounts.account_id
    WHERE posts.post_id IN (SELECT reply_to_post_id FROM written)
),

spoken AS MATERIALIZED (
    SELECT
        named.brand,
        written.post_id,
        written.text,
        written.posted_at,
        written.author_id,
        speakers.node AS author,
        parents.post_id AS answered_post_id,
        parents.node AS answered,
        parents.text AS answered_text
    FROM named
    INNER JOIN written ON named.post_id = written.post_id
    INNER JOIN speakers ON written.author_id = speakers.account_id
    LEFT JOIN parents ON written.reply_to_post_id = parents.post_id
    LEFT JOIN brand_accounts AS itself ON named.brand = itself.brand AND speakers.node = itself.node
    WHERE itself.node IS NULL
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
