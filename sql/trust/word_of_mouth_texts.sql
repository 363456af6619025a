-- Posts that may have called for the talk of an audience: those that members passed on or quoted, those in which
-- they mention somebody, and those that these answer.
-- From: inputs interactions, posts; graph accounts; members (node). Grain: one row per post with a text.
WITH spoken AS MATERIALIZED (
    SELECT DISTINCT post_id
    FROM interactions
    WHERE
        kind IN ('mention', 'quote', 'repost')
        AND actor_id <> target_id
        AND actor_id IN (SELECT account_id FROM accounts WHERE node IN (SELECT node FROM members))
),

answered AS (
    SELECT DISTINCT reply_to_post_id AS post_id FROM posts WHERE post_id IN (SELECT post_id FROM spoken)
)

SELECT
    post_id,
    text
FROM posts
WHERE text <> '' AND post_id IN (SELECT post_id FROM spoken UNION SELECT post_id FROM answered)
ORDER BY post_id
