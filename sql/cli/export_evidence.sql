-- Makes the evidence for export: of the $ranks best of each audience and of every pick, or of all where $ranks
-- is NULL; of one audience or, where it is NULL, of all.
-- From: evidence, ranked_partners. Grain: one row per audience × candidate × reason, best candidate first.

SELECT
    evidence.audience,
    ranked_partners.rank,
    evidence.handle,
    evidence.account_id,
    evidence.side,
    evidence.direction,
    evidence.signal,
    evidence.sentence,
    evidence.value,
    evidence.typical_value,
    evidence.threshold,
    evidence.weight,
    evidence.example_ids
FROM evidence
INNER JOIN ranked_partners
    ON
        ranked_partners.run_id = evidence.run_id
        AND ranked_partners.audience = evidence.audience
        AND ranked_partners.account_id = evidence.account_id
WHERE
    ($audience::VARCHAR IS NULL OR evidence.audience = $audience::VARCHAR)
    AND ($ranks::BIGINT IS NULL OR ranked_partners.rank <= $ranks::BIGINT OR ranked_partners.is_pick)
ORDER BY
    evidence.audience,
    ranked_partners.rank NULLS LAST,
    evidence.account_id,
    evidence.side DESC,
    abs(evidence.weight) DESC NULLS LAST,
    evidence.signal
