-- Makes the ranking rows of the account that a person named by id, by handle, or by handle in another case.
-- From: ranked_partners.
-- Grain: one row per audience × account that answers to the name; match 0 is the exact id, 1 the exact handle.

SELECT
    CASE WHEN account_id = $name THEN 0 WHEN ltrim(handle, '@') = ltrim($name, '@') THEN 1 ELSE 2 END AS match,
    *
FROM ranked_partners
WHERE account_id = $name OR name_key(handle) = name_key($name)
ORDER BY match, audience_size DESC NULLS LAST, audience, rank NULLS LAST, account_id
