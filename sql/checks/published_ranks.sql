-- Selects rankings and portfolios of the published file whose places are not 1, 2, 3 … without a gap.
-- From: partner_rankings, portfolio. Grain: one row per run × audience (× plan) at fault; none is good.
-- Candidates without enough data have no rank and are not counted.

SELECT places.table_name, places.subject, concat(
    'places from ', places.lowest, ' to ', places.highest, ' for ', places.n, ' rows'
) AS problem
FROM (
    SELECT
        'partner_rankings' AS table_name, concat_ws(' / ', run_id, audience) AS subject,
        count(rank) AS n, count(DISTINCT rank) AS different, min(rank) AS lowest, max(rank) AS highest
    FROM partner_rankings
    GROUP BY run_id, audience
    UNION ALL
    SELECT
        'portfolio', concat_ws(' / ', run_id, audience, plan),
        count(pick), count(DISTINCT pick), min(pick), max(pick)
    FROM portfolio
    GROUP BY run_id, audience, plan
) AS places
WHERE places.n > 0 AND (places.different <> places.n OR places.lowest <> 1 OR places.highest <> places.n)
