-- Who belongs to which group, and as what.
-- From: found_members; graph accounts. Grain: one row per group and account.
SELECT
    found_members.prefix || '-' || lpad(CAST(found_members."group" + 1 AS VARCHAR), 3, '0') AS group_id,
    accounts.account_id,
    accounts.handle,
    found_members.role,
    found_members.share
FROM found_members
INNER JOIN accounts ON found_members.node = accounts.node
ORDER BY group_id, accounts.account_id
