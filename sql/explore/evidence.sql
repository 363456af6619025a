-- Makes the evidence about one candidate of an audience; within a side what weighs most comes first.
-- From: evidence. Grain: one row per reason.

SELECT signal, side, direction, value, typical_value, threshold, weight, sentence, example_ids
FROM evidence
WHERE audience = $audience AND run_id = $run_id AND account_id = $account_id
ORDER BY side DESC, abs(weight) DESC NULLS LAST, signal, sentence
