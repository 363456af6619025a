-- Makes: the posts of accounts in the days of the lake. Grain: one row per post.
-- From: the delivered posts of every day (parameter files). Parameter: ids.
SELECT DISTINCT post_id
FROM read_parquet($files::VARCHAR[], union_by_name := TRUE)
WHERE list_contains($ids::VARCHAR[], author_id)
ORDER BY post_id
