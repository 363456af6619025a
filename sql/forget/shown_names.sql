-- Makes: what accounts without a handle show of themselves, by which sentences call them then. Grain: one row per name.
-- From: graph.accounts. Parameter: ids.
SELECT DISTINCT display_name
FROM graph.accounts
WHERE
    display_name IS NOT NULL
    AND coalesce(handle, account_id) = account_id
    AND list_contains($ids::VARCHAR[], account_id)
ORDER BY display_name
