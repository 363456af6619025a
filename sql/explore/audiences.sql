-- Makes the list of audiences to choose from, the largest first, also those without a candidate.
-- From: latest_runs, runs, ranked_partners, about. Grain: one row per audience.

WITH listed AS (
    SELECT audience, count(*) AS candidates, max(audience_size) AS audience_size
    FROM ranked_partners
    GROUP BY audience
)

SELECT
    latest.audience,
    latest.run_id,
    latest.network,
    latest.as_of,
    coalesce(any_value(listed.audience_size), max(runs.audience_size)) AS audience_size,
    coalesce(any_value(listed.candidates), 0) AS candidates,
    coalesce(bool_or(runs.is_generated), false) AS is_generated,
    (SELECT max(published_at) FROM about) AS published_at
FROM latest_runs AS latest
LEFT JOIN runs ON runs.run_id = latest.run_id AND runs.audience = latest.audience
LEFT JOIN listed ON listed.audience = latest.audience
GROUP BY latest.audience, latest.run_id, latest.network, latest.as_of
ORDER BY audience_size DESC NULLS LAST, latest.audience
