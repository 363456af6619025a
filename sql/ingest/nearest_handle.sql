-- Makes: the handle most like a misspelt one. Grain: at most one row. From: `accounts`.
SELECT handle
FROM accounts
WHERE handle IS NOT NULL AND jaro_winkler_similarity(lower(handle), lower($handle)) > 0.8
ORDER BY jaro_winkler_similarity(lower(handle), lower($handle)) DESC, handle
LIMIT 1
