-- How many posts each account wrote that are no answers, those without any engagement included.
-- From: inputs posts; graph accounts. Grain: one row per account with posts.
SELECT
    accounts.node,
    count(*) AS posts
FROM posts
INNER JOIN accounts ON posts.author_id = accounts.account_id
WHERE posts.reply_to_post_id IS NULL
GROUP BY accounts.node
ORDER BY accounts.node
