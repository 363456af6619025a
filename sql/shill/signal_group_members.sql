-- Who belongs to which group, and as what.
-- From: pod_members; graph accounts. Grain: one row per group and account.
SELECT
    'pod-' || lpad(CAST(pod_members."group" + 1 AS VARCHAR), 3, '0') AS group_id,
    accounts.account_id,
    accounts.handle,
    'member' AS role
FROM pod_members
INNER JOIN accounts ON pod_members.node = accounts.node
ORDER BY group_id, accounts.account_id
