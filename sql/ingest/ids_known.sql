-- Makes: how many different ids each table names, and how many of them other tables know. Grain: one row per table.
-- From: `named` (table_name, account_id), `known_ids` (account_id, handle).
WITH ours AS (
    SELECT DISTINCT
        table_name,
        account_id
    FROM named
    WHERE account_id IS NOT NULL
),

known AS (
    SELECT DISTINCT
        ours.table_name,
        ours.account_id
    FROM ours
    INNER JOIN known_ids USING (account_id)
)

SELECT
    ours.table_name,
    count(*) AS ids,
    count(known.account_id) AS known
FROM ours
LEFT JOIN known USING (table_name, account_id)
GROUP BY ours.table_name
ORDER BY ours.table_name
