-- Who pays attention to whom where no follows were delivered: somebody who reposts, quotes, mentions or answers
-- another account stands in for a follower of it. Likes are left out, because they are the cheapest to buy.
-- From: graph interactions.
-- Grain: one row per pair of accounts.
SELECT DISTINCT
    actor AS follower,
    target AS followee
FROM interactions
WHERE kind <> 'like'
ORDER BY follower, followee
