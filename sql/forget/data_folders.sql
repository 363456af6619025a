-- Makes: the folders that kept runs read their data from. Grain: one row per folder.
-- From: run.parquet of kept runs. Parameter: files.
SELECT DISTINCT data_dir
FROM read_parquet($files::VARCHAR[], union_by_name = true)
WHERE data_dir IS NOT NULL AND data_dir <> ''
ORDER BY data_dir
