-- Makes: how many ids of each table are unknown, but are the handle of a known account, or its id but for an @ or
-- letter case; and the first of them. Grain: one row per table that has any.
-- From: `named` (table_name, account_id), `known_ids` (account_id, handle).
WITH ours AS (
    SELECT DISTINCT
        table_name,
        account_id AS written,
        handle_key(account_id) AS spelled
    FROM named
    WHERE account_id IS NOT NULL AND account_id NOT IN (SELECT account_id FROM known_ids)
),

spelled AS (
    SELECT
        lower(handle) AS spelled,
        account_id,
        true AS is_handle
    FROM known_ids
    WHERE handle IS NOT NULL
    UNION ALL
    SELECT
        handle_key(account_id) AS spelled,
        account_id,
        false AS is_handle
    FROM known_ids
)

SELECT
    ours.table_name,
    count(DISTINCT ours.written) AS known_otherwise,
    min(ours.written) AS written,
    arg_min(spelled.account_id, {'written': ours.written, 'account': spelled.account_id}) AS account_id,
    bool_or(spelled.is_handle) AS are_handles
FROM ours
INNER JOIN spelled USING (spelled)
GROUP BY ours.table_name
ORDER BY ours.table_name
