-- The posts of the network with what the sponsorship rules look at.
-- From: inputs posts, brands; graph accounts. Grain: one row per post, by author and time.
SELECT
    posts.post_id,
    author.node AS author,
    posts.posted_at,
    CAST(floor(epoch(posts.posted_at) / 86400) AS BIGINT) AS day,
    coalesce(posts.text, '') AS text,
    posts.language,
    coalesce(posts.is_paid_label, FALSE) AS is_paid_label,
    posts.reply_to_post_id IS NOT NULL AS is_answer,
    posts.author_id IN (SELECT account_id FROM brands WHERE account_id IS NOT NULL) AS is_brand_account,
    coalesce(posts.likes_count, 0) + coalesce(posts.replies_count, 0) + coalesce(posts.reposts_count, 0)
        AS engagement,
    posts.likes_count IS NOT NULL OR posts.replies_count IS NOT NULL OR posts.reposts_count IS NOT NULL
        AS has_engagement
FROM posts
INNER JOIN accounts AS author ON posts.author_id = author.account_id
ORDER BY author.node, posts.posted_at, posts.post_id
