-- Makes the evidence about the candidates that have a card, for one audience; within a side what weighs most comes first.
-- From: carded, evidence. Grain: one row per account × reason.

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
    AND account_id IN (SELECT carded.account_id FROM carded)
ORDER BY account_id, side DESC, abs(weight) DESC NULLS LAST, signal
