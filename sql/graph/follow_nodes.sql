-- Which node each number of the delivered follows is, in the order of the numbers; 0 for the number of an account that
-- no follow names any more. From: inputs follow_ids, graph accounts. Grain: one row per number.
SELECT coalesce(accounts.node, 0) AS node
FROM follow_ids
LEFT JOIN accounts USING (account_id)
ORDER BY follow_ids.number
