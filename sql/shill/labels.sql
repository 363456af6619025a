-- The accounts that people have judged, each once. Where people disagree the account is left out: a judgement in
-- dispute is no ground to stand on.
-- From: inputs labels; graph accounts. Grain: one row per judged account.
SELECT
    accounts.node,
    min(labels.label) = 'shill' AS is_shill
FROM labels
INNER JOIN accounts ON labels.account_id = accounts.account_id
GROUP BY accounts.node
HAVING count(DISTINCT labels.label) = 1
ORDER BY accounts.node
