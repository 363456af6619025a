-- Every signal of the accounts that the published graph holds, its interval around its value: those that an
-- earlier Vouch kept missed it by a hair where nothing was counted. What misses it by more is for the checks.
-- From: signals (by node), graph accounts, touched. Grain: one row per account and signal.
SELECT
    accounts.account_id,
    accounts.handle,
    signals.signal,
    signals.value,
    CASE
        WHEN signals.low > signals.value AND signals.low - signals.value < 0.001 THEN signals.value
        ELSE signals.low
    END AS low,
    CASE
        WHEN signals.high < signals.value AND signals.value - signals.high < 0.001 THEN signals.value
        ELSE signals.high
    END AS high,
    signals.n,
    signals.state,
    signals.flagged
FROM signals
INNER JOIN accounts ON signals.node = accounts.node
WHERE signals.node IN (SELECT node FROM touched)
