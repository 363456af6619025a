-- Makes the picks of the run before that are none now, with the rank that they have now, if any.
-- From: partner_rankings. Grain: one row per account, those who stood highest first.

SELECT
    before.account_id,
    before.handle,
    before.rank AS rank_before,
    now.rank,
    now.status
FROM partner_rankings AS before
LEFT JOIN partner_rankings AS now
    ON now.audience = before.audience AND now.account_id = before.account_id AND now.run_id = $run_id
WHERE
    before.audience = $audience
    AND before.run_id = $previous_run_id
    AND before.is_pick
    AND now.is_pick IS DISTINCT FROM true
ORDER BY before.rank, before.account_id
