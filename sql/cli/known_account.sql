-- Makes what the network knows of an account that is no candidate.
-- From: graph.accounts.
-- Grain: one row per account that answers to the name.

SELECT account_id, handle, is_in_audience, is_candidate
FROM graph.accounts
WHERE account_id = $name OR name_key(handle) = name_key($name)
ORDER BY account_id
