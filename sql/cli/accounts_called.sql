-- Makes the accounts that answer to a name: an id, a handle, or a handle in another case.
-- From: graph.accounts, partner_rankings of every run, latest_runs (all of one network).
-- Grain: one row per account; match 0 is the exact id, 1 the exact handle, and only the best kind of match is kept.

WITH known AS (
    SELECT account_id, handle FROM graph.accounts
    UNION
    SELECT account_id, handle FROM partner_rankings
),

named AS (
    SELECT
        account_id,
        handle,
        CASE WHEN account_id = $name THEN 0 WHEN ltrim(handle, '@') = ltrim($name, '@') THEN 1 ELSE 2 END AS match
    FROM known
    WHERE account_id = $name OR name_key(handle) = name_key($name)
)

SELECT
    account_id,
    max(handle) AS handle,
    min(match) AS match,
    (SELECT any_value(network) FROM latest_runs) AS network
FROM named
GROUP BY account_id
QUALIFY min(match) = min(min(match)) OVER ()
ORDER BY account_id
