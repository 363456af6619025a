-- Makes the views of the published file: the newest run of each audience, and its ranking.
-- From: runs, partner_rankings. Grains: latest_runs one row per audience, ranked_partners one row per
-- audience × candidate. A home may hold several networks (the demo, then one's own): the views show the one
-- that ran last. Of its runs the newest day counts, so that filling in an old day changes no ranking. An audience
-- that the newest data no longer name keeps its runs and leaves the views.

CREATE VIEW latest_runs AS
SELECT run_id, network, audience, as_of
FROM runs
WHERE network = (
    SELECT newest.network
    FROM runs AS newest
    ORDER BY coalesce(newest.finished_at, newest.started_at) DESC NULLS LAST, newest.run_id DESC
    LIMIT 1
)
AND coalesce(is_current, TRUE)
QUALIFY row_number() OVER (
    PARTITION BY audience
    ORDER BY as_of DESC NULLS LAST, coalesce(finished_at, started_at) DESC NULLS LAST, run_id DESC
) = 1;

CREATE VIEW ranked_partners AS
SELECT rankings.*
FROM partner_rankings AS rankings
WHERE (rankings.run_id, rankings.audience) IN (SELECT (latest.run_id, latest.audience) FROM latest_runs AS latest)
ORDER BY rankings.audience, rankings.rank NULLS LAST, rankings.account_id;
