-- Makes: the id of every member of an audience that a kept run knows. Grain: one row per account.
-- From: members.parquet of kept runs. Parameter: files.
SELECT DISTINCT account_id
FROM read_parquet($files::VARCHAR[], union_by_name = true)
WHERE account_id IS NOT NULL
ORDER BY account_id
