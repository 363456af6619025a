-- Posts that may have called to follow an account with a burst of followers: its own, and those that mention it.
-- From: bursts (burst, node); inputs posts, interactions; graph accounts. Grain: one row per burst and post.
SELECT
    bursts.burst,
    CAST(floor(epoch(posts.posted_at) / 86400) AS BIGINT) AS day,
    posts.text
FROM bursts
INNER JOIN accounts ON bursts.node = accounts.node
INNER JOIN posts ON accounts.account_id = posts.author_id
WHERE posts.posted_at IS NOT NULL AND posts.text <> ''
UNION ALL
SELECT
    bursts.burst,
    CAST(floor(epoch(posts.posted_at) / 86400) AS BIGINT) AS day,
    posts.text
FROM bursts
INNER JOIN accounts ON bursts.node = accounts.node
INNER JOIN interactions ON accounts.account_id = interactions.target_id
INNER JOIN posts ON interactions.post_id = posts.post_id
WHERE
    interactions.kind = 'mention' AND posts.author_id <> accounts.account_id
    AND posts.posted_at IS NOT NULL AND posts.text <> ''
ORDER BY burst, day, text
