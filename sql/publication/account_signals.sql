-- Every signal of the accounts that the published graph holds.
-- From: signals (by node), graph accounts, touched. Grain: one row per account and signal.
SELECT
    accounts.account_id,
    accounts.handle,
    signals.signal,
    signals.value,
    signals.low,
    signals.high,
    signals.n,
    signals.state,
    signals.flagged
FROM signals
INNER JOIN accounts ON signals.node = accounts.node
WHERE signals.node IN (SELECT node FROM touched)
