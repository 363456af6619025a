-- The shill signals of the candidates of one audience, strongest contribution first.
-- From: candidates (node), signals. Grain: one row per candidate and signal.
SELECT signals.*
FROM signals
WHERE signals.node IN (SELECT node FROM candidates)
ORDER BY signals.node, abs(signals.contribution) DESC NULLS LAST, signals.signal
