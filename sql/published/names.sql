-- Makes graph.names: every name under which an account can be looked up, in the form that name_key() gives.
-- From: graph.accounts, and the accounts that rankings and signals speak of where the graph lacks them.
-- Grain: one row per name × account; an account has its id and, where known, its handle. Sorted by name.

WITH known AS (
    SELECT account_id, handle, node FROM graph.accounts
    UNION ALL
    SELECT account_id, any_value(handle) AS handle, NULL AS node
    FROM (
        SELECT account_id, handle FROM partner_rankings
        UNION ALL
        SELECT account_id, handle FROM account_signals
    )
    WHERE account_id NOT IN (SELECT account_id FROM graph.accounts)
    GROUP BY account_id
)

SELECT DISTINCT name, account_id, handle, node
FROM (
    SELECT name_key(account_id) AS name, account_id, handle, node FROM known
    UNION ALL
    SELECT name_key(handle) AS name, account_id, handle, node FROM known WHERE handle IS NOT NULL
)
WHERE name <> ''
ORDER BY name, account_id
