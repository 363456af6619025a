-- Makes the ranked list for export, of one audience or, where it is NULL, of all.
-- From: ranked_partners. Grain: one row per audience × candidate, best first.

SELECT *
FROM ranked_partners
WHERE $audience::VARCHAR IS NULL OR audience = $audience::VARCHAR
ORDER BY audience, rank NULLS LAST, account_id
