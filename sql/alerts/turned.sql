-- Makes who was recommended in one run of an audience and is watch or avoid in another, picks first.
-- From: partner_rankings. Parameters: audience, run_before, run_id. Grain: one row per account.

SELECT
    found.account_id,
    found.handle,
    found.display_name,
    found.status,
    found.status_reason,
    before.rank AS rank_before,
    coalesce(before.is_pick, FALSE) AS was_pick
FROM partner_rankings AS before
INNER JOIN partner_rankings AS found ON before.account_id = found.account_id AND before.audience = found.audience
WHERE
    before.audience = $audience
    AND before.run_id = $run_before
    AND before.status = 'recommended'
    AND found.run_id = $run_id
    AND found.status IN ('watch', 'avoid')
ORDER BY was_pick DESC, rank_before, found.account_id
