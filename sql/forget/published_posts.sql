-- Makes: the posts of accounts that the published file shows. Grain: one row per post.
-- From: example_posts. Parameter: ids.
SELECT DISTINCT post_id
FROM example_posts
WHERE list_contains($ids::VARCHAR[], author_id)
ORDER BY post_id
