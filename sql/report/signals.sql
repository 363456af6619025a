-- Makes for how many candidates of one audience each signal could be measured.
-- From: ranked_partners, account_signals. Grain: one row per signal.

SELECT
    signals.signal,
    count(*) AS candidates,
    count(*) FILTER (signals.state = 'measured') AS measured,
    count(*) FILTER (signals.flagged) AS flagged
FROM account_signals AS signals
INNER JOIN ranked_partners AS candidates
    ON candidates.audience = $audience AND candidates.account_id = signals.account_id
GROUP BY signals.signal
ORDER BY signals.signal
