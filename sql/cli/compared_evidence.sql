-- Makes the evidence about the accounts to compare, what weighs most first within each side of each account.
-- From: evidence. Grain: one row per account × reason.

SELECT account_id, side, direction, signal, sentence, value, typical_value, threshold, weight, example_ids
FROM evidence
WHERE run_id = $run_id AND audience = $audience AND list_contains($accounts::VARCHAR[], account_id)
ORDER BY list_position($accounts::VARCHAR[], account_id), side DESC, abs(weight) DESC NULLS LAST, signal
