-- Makes how many candidates of one audience are to be watched as not special here whose risk would have made them
-- so first, had not a person labelled them genuine.
-- From: ranked_partners. Grain: one row.

SELECT count(*) AS watch_set_aside
FROM ranked_partners
WHERE
    audience = $audience
    AND status = 'watch'
    AND status_reason = 'lift_low'
    AND review = 'genuine'
    AND shill_probability_high >= $watch_from::DOUBLE
