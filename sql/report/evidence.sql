-- Makes the evidence about chosen accounts, for one audience; within a side what weighs most comes first.
-- From: evidence. Grain: one row per account × reason.

SELECT
    account_id,
    handle,
    signal,
    side,
    direction,
    value,
    typical_value,
    threshold,
    weight,
    sentence,
    example_ids
FROM evidence
WHERE
    audience = $audience
    AND run_id = $run_id
    AND list_contains($account_ids::VARCHAR[], account_id)
ORDER BY account_id, side DESC, abs(weight) DESC NULLS LAST, signal
