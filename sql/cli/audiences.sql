-- Makes the list of audiences to choose from, the largest first.
-- From: ranked_partners, runs.
-- Grain: one row per audience of the latest ranking.

WITH ranked AS (
    SELECT
        audience,
        any_value(run_id) AS run_id,
        any_value(network) AS network,
        max(as_of) AS as_of,
        max(audience_size) AS audience_size,
        count(*) AS candidates,
        count(*) FILTER (is_pick) AS picks
    FROM ranked_partners
    GROUP BY audience
)

SELECT
    ranked.audience,
    ranked.run_id,
    ranked.network,
    ranked.as_of,
    ranked.audience_size,
    ranked.candidates,
    ranked.picks,
    coalesce(bool_or(runs.is_generated), false) AS is_generated,
    max(runs.observed_until) AS observed_until,
    max(runs.configuration) AS configuration
FROM ranked
LEFT JOIN runs ON runs.run_id = ranked.run_id AND runs.audience = ranked.audience
GROUP BY ALL
ORDER BY ranked.audience_size DESC NULLS LAST, ranked.audience
