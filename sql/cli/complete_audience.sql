-- Makes audiences to complete what a person has begun to type; any case.
-- From: ranked_partners. Grain: one row per audience, the largest first, at most $most.

SELECT audience AS name, concat(max(audience_size), ' members') AS about
FROM ranked_partners
WHERE starts_with(lower(audience), lower($begun))
GROUP BY audience
ORDER BY max(audience_size) DESC NULLS LAST, audience
LIMIT $most::BIGINT
