-- The candidates that each group of an audience follows more than the rest of the audience does, as published.
-- From: community_candidates, graph accounts, candidates (node). Parameters: run_id, audience, most_voices.
-- Grain: one row per community and candidate.
SELECT
    CAST($run_id AS VARCHAR) AS run_id,
    CAST($audience AS VARCHAR) AS audience,
    voices.community,
    accounts.account_id,
    accounts.handle,
    voices.followers AS followers_in_community,
    voices.share,
    voices.lift,
    row_number() OVER (
        PARTITION BY voices.community
        ORDER BY voices.share * ln(1 + voices.lift) DESC, accounts.account_id
    ) AS position
FROM community_candidates AS voices
INNER JOIN accounts ON voices.node = accounts.node
WHERE voices.node IN (SELECT node FROM candidates) AND voices.lift > 1
QUALIFY position <= $most_voices
ORDER BY voices.community, position
