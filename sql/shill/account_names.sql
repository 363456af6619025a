-- What every account calls itself and how much history it has. An account without a handle of its own is called by
-- its id in the index, which is no name. Followers are those claimed or those seen, whichever is more.
-- From: graph accounts, follower_counts. Grain: one row per account, in the order of the node.
SELECT
    accounts.node,
    nullif(accounts.handle, accounts.account_id) AS handle,
    accounts.display_name,
    accounts.bio,
    epoch(accounts.created_at) / 86400 AS created_day,
    CAST(greatest(coalesce(accounts.followers_count, 0), follower_counts.followers) AS DOUBLE) AS followers,
    CAST(accounts.posts_count AS DOUBLE) AS posts
FROM accounts
INNER JOIN follower_counts ON accounts.node = follower_counts.node
ORDER BY accounts.node
