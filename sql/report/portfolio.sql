-- Makes the picks of every plan of one audience. The plan for a budget comes first, where there is one.
-- From: portfolio. Grain: one row per plan × pick, in order.

SELECT *
FROM portfolio
WHERE audience = $audience AND run_id = $run_id
ORDER BY plan, pick
