-- Makes what moved between two runs of one audience, where the later run was compared with the earlier one.
-- From: rank_changes. Grain: one row per account that entered, left or moved; none where they were not compared.

SELECT account_id, cause, cause_change, risk_signal
FROM rank_changes
WHERE run_id = $run_id AND previous_run_id = $previous_run_id AND audience = $audience
