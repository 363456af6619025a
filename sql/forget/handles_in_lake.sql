-- Makes: every handle by which the days of the lake know accounts. Grain: one row per handle.
-- From: the delivered accounts of every day (parameter files). Parameter: ids.
SELECT DISTINCT handle
FROM read_parquet($files::VARCHAR[], union_by_name := TRUE)
WHERE handle IS NOT NULL AND list_contains($ids::VARCHAR[], account_id)
ORDER BY handle
