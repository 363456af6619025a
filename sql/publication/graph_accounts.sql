-- The accounts of the published graph with what a person looks up of them.
-- From: touched, graph accounts, follower_counts, profiles. Grain: one row per account.
SELECT
    accounts.node,
    accounts.account_id,
    accounts.handle,
    accounts.display_name,
    accounts.platform,
    accounts.language,
    accounts.is_verified,
    coalesce(accounts.followers_count, follower_counts.followers) AS followers_count,
    accounts.following_count,
    accounts.posts_count,
    accounts.is_listed,
    profiles.profile_type,
    touched.is_in_audience,
    touched.is_candidate
FROM touched
INNER JOIN accounts ON touched.node = accounts.node
INNER JOIN follower_counts ON touched.node = follower_counts.node
INNER JOIN profiles ON touched.node = profiles.node
