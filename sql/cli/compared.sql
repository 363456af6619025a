-- Makes the ranking rows of the accounts to compare, for one audience, in the order they were named.
-- From: ranked_partners. Grain: one row per account.

SELECT *
FROM ranked_partners
WHERE audience = $audience AND list_contains($accounts::VARCHAR[], account_id)
ORDER BY list_position($accounts::VARCHAR[], account_id)
