-- The posts that evidence, advocates and own accounts point to as examples, with their text.
-- From: inputs posts, graph accounts; named (post_id), the ids that results point to. Grain: one row per post.
SELECT
    posts.post_id,
    posts.author_id,
    accounts.handle AS author_handle,
    accounts.platform,
    posts.posted_at,
    posts.text,
    posts.is_paid_label
FROM posts
LEFT JOIN accounts ON posts.author_id = accounts.account_id
WHERE posts.post_id IN (SELECT named.post_id FROM named)
