-- Makes intervals hold their value, which those of an earlier Vouch missed by a hair where nothing was counted.
-- From: taken_out (account_signals less some rows). Grain: one row per account × signal.

SELECT * REPLACE (
    CASE WHEN low > value THEN value ELSE low END AS low,
    CASE WHEN high < value THEN value ELSE high END AS high
)
FROM taken_out
