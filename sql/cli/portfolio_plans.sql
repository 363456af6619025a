-- Makes which plans the portfolio of one audience holds.
-- From: portfolio.
-- Grain: one row per plan.

SELECT plan, count(*) AS picks
FROM portfolio
WHERE run_id = $run_id AND audience = $audience
GROUP BY plan
ORDER BY plan
