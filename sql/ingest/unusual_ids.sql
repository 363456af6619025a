-- Makes: how many ids are not plain: trimming would change them, or a rule refuses them. Grain: one row.
-- From: `follow_ids_to_judge` (account_id), one row per distinct id.
SELECT count(*) AS unusual
FROM follow_ids_to_judge
WHERE
    tidy(account_id) IS DISTINCT FROM account_id
    OR id_rule(account_id, account_id) IS NOT NULL
