-- Makes handles to complete what a person has begun to type, the best ranked first; any case, without @.
-- From: ranked_partners. Grain: one row per handle, at most $most.

SELECT
    ltrim(handle, '@') AS name,
    concat(arg_min(status, rank), ' · ', arg_min(audience, rank)) AS about
FROM ranked_partners
WHERE starts_with(name_key(handle), name_key($begun))
GROUP BY name
ORDER BY min(rank) NULLS LAST, name
LIMIT $most::BIGINT
