-- Makes portfolios whose picks are numbered without a gap again after rows were taken out. What the picks reach together
-- is left as it was chosen; the next run chooses anew.
-- From: taken_out (portfolio less some rows). Grain: one row per run × audience × plan × pick.

SELECT * REPLACE (
    CAST(row_number() OVER (PARTITION BY run_id, audience, plan ORDER BY pick) AS INTEGER) AS pick
)
FROM taken_out
