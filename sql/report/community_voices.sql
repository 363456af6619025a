-- Makes the voices that each group inside one audience follows, at most $voices per group, and as many that the
-- whole list hides; whom the list places low because the account is to be avoided is no voice that it hides.
-- From: community_voices, ranked_partners. Grain: one row per community × account, in order; status and its reason are
-- NULL for an account that is no candidate.

SELECT
    voices.community,
    voices.account_id,
    voices.handle,
    voices.followers_in_community,
    voices.share,
    voices.lift,
    voices.rank_overall,
    partners.status,
    partners.status_reason,
    coalesce(voices.is_hidden_by_the_list, false) AND partners.status IS DISTINCT FROM 'avoid' AS is_hidden,
    voices.position <= $voices::BIGINT AS is_among_the_first
FROM community_voices AS voices
LEFT JOIN ranked_partners AS partners
    ON partners.run_id = voices.run_id AND partners.audience = voices.audience
    AND partners.account_id = voices.account_id
WHERE voices.audience = $audience AND voices.run_id = $run_id
QUALIFY
    is_among_the_first
    OR (
        is_hidden
        AND row_number() OVER (PARTITION BY voices.community, is_hidden ORDER BY voices.position) <= $voices::BIGINT
    )
ORDER BY voices.community, voices.position
