-- A few posts of each candidate that look paid and do not say so, most likely first.
-- From: candidates (node), post_classes. Grain: one row per candidate with such a post.
SELECT
    author AS node,
    list(post_id ORDER BY hidden_probability DESC, posted_at DESC, post_id)[1:3] AS undisclosed_ids
FROM post_classes
WHERE author IN (SELECT node FROM candidates) AND hidden_probability >= 0.5
GROUP BY author
ORDER BY author
