-- The bursts of followers of the accounts that the published graph holds.
-- From: growth (by node), graph accounts, touched. Grain: one row per burst.
SELECT
    accounts.account_id,
    accounts.handle,
    growth.source,
    growth.class,
    growth.burst_day,
    growth.arrivals,
    growth.typical_per_day,
    growth.explained_by,
    growth.unusual_share,
    growth.removed_share,
    growth.sentence,
    growth.last_day,
    growth.share_of_followers,
    growth.explained_share,
    growth.probability
FROM growth
INNER JOIN accounts ON growth.node = accounts.node
WHERE growth.node IN (SELECT node FROM touched)
ORDER BY accounts.account_id, growth.source, growth.burst_day
