-- Accounts whose name resembles that of a better-known one, both sides by id and handle.
-- From: pairs (node, original, kind, how); graph accounts, follower_counts.
-- Grain: one row per account that resembles another.
SELECT
    pairs.node,
    pairs.original AS resembles_node,
    mine.account_id,
    mine.handle,
    mine.display_name,
    theirs.account_id AS resembles_account_id,
    theirs.handle AS resembles_handle,
    theirs.display_name AS resembles_display_name,
    pairs.kind,
    pairs.how,
    mine.created_at,
    theirs.created_at AS resembles_created_at,
    greatest(coalesce(mine.followers_count, 0), my_count.followers) AS followers,
    greatest(coalesce(theirs.followers_count, 0), their_count.followers) AS resembles_followers
FROM pairs
INNER JOIN accounts AS mine ON pairs.node = mine.node
INNER JOIN accounts AS theirs ON pairs.original = theirs.node
INNER JOIN follower_counts AS my_count ON pairs.node = my_count.node
INNER JOIN follower_counts AS their_count ON pairs.original = their_count.node
ORDER BY pairs.node, pairs.original
