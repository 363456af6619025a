-- Makes the candidates whose handle or id looks most like a mistyped one.
-- From: ranked_partners.
-- Grain: one row per handle, the most similar first, at most three.

WITH names AS (
    SELECT DISTINCT ltrim(coalesce(handle, account_id), '@') AS name FROM ranked_partners
),

compared AS (
    SELECT name, jaro_winkler_similarity(lower(name), lower(ltrim($name, '@'))) AS similarity FROM names
)

SELECT name, similarity
FROM compared
WHERE similarity >= 0.75
ORDER BY similarity DESC, name
LIMIT 3
