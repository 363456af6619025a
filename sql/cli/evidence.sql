-- Makes the evidence about one account for one audience, what weighs most first within its side.
-- From: evidence. Grain: one row per reason.

SELECT
    audience,
    account_id,
    handle,
    side,
    direction,
    signal,
    sentence,
    value,
    typical_value,
    threshold,
    weight,
    example_ids
FROM evidence
WHERE run_id = $run_id AND audience = $audience AND account_id = $account_id
ORDER BY side DESC, abs(weight) DESC NULLS LAST, signal
