-- Who liked or answered which post of whom. Only posts that were delivered count, because a rate needs to know
-- how many posts there were to engage with, and only posts that are no answers themselves: answering people who
-- speak to you is conversation, and pods push posts.
-- From: inputs interactions, posts; graph accounts.
-- Grain: one row per actor and post, with the seconds from the post to the first act (NULL without times).
WITH numbered AS (
    SELECT
        posts.post_id,
        author.node AS author,
        posts.posted_at,
        row_number() OVER (ORDER BY posts.post_id) - 1 AS post
    FROM posts
    INNER JOIN accounts AS author ON posts.author_id = author.account_id
    WHERE posts.reply_to_post_id IS NULL
),

acts AS MATERIALIZED (
    SELECT actor_id, post_id, occurred_at FROM interactions WHERE kind IN ('like', 'reply')
    UNION ALL
    SELECT author_id, reply_to_post_id, posted_at FROM posts WHERE reply_to_post_id IS NOT NULL
)

SELECT
    actor.node AS actor,
    numbered.author,
    numbered.post,
    min(acts.occurred_at) AS first_at,
    max(acts.occurred_at) AS last_at,
    epoch(min(acts.occurred_at)) - epoch(any_value(numbered.posted_at)) AS delay_s
FROM acts
INNER JOIN numbered ON acts.post_id = numbered.post_id
INNER JOIN accounts AS actor ON acts.actor_id = actor.account_id
WHERE actor.node <> numbered.author
GROUP BY actor.node, numbered.author, numbered.post
ORDER BY actor.node, numbered.post
