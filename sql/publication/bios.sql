-- What candidates say of themselves; nobody else's words are published.
-- From: touched, graph accounts. Grain: one row per candidate that has a bio.
SELECT accounts.account_id, accounts.handle, accounts.bio
FROM accounts
INNER JOIN touched ON accounts.node = touched.node
WHERE touched.is_candidate AND length(trim(accounts.bio)) > 0
