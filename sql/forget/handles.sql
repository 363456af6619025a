-- Makes: every handle by which the published file knows accounts. Grain: one row per handle.
-- From: graph.accounts, partner_rankings. Parameter: ids.
SELECT DISTINCT handle
FROM (
    SELECT account_id, handle FROM graph.accounts
    UNION ALL
    SELECT account_id, handle FROM partner_rankings
)
WHERE handle IS NOT NULL AND list_contains($ids::VARCHAR[], account_id)
ORDER BY handle
