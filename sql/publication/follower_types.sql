-- What the profiled followers of the accounts that the published graph holds look like.
-- From: types (by node), graph accounts, touched. Grain: one row per account and profile type.
SELECT
    accounts.account_id,
    accounts.handle,
    types.profile_type,
    types.share,
    types.share_low,
    types.share_high,
    types.n
FROM types
INNER JOIN accounts ON types.node = accounts.node
WHERE types.node IN (SELECT node FROM touched)
