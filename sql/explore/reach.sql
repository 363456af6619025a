-- Makes the lists of whom each candidate reaches, as positions.
-- From: ranked_partners, audience_members, graph.accounts, graph.adjacency. Parameters: audience, run_id.
-- Grain: one row per candidate and member who follows it (or acts on it, where the network has no follows):
-- candidate counts the rows of candidates.sql from 0, member those of members.sql. Sorted by both.

WITH candidates AS (
    SELECT
        partners.account_id,
        row_number() OVER (ORDER BY partners.rank NULLS LAST, partners.account_id) - 1 AS position
    FROM ranked_partners AS partners
    WHERE partners.audience = $audience
),

members AS (
    SELECT accounts.node, row_number() OVER (ORDER BY accounts.node) - 1 AS position
    FROM audience_members AS listed
    INNER JOIN graph.accounts AS accounts ON accounts.account_id = listed.account_id
    WHERE listed.audience = $audience AND listed.run_id = $run_id
)

SELECT candidates.position AS candidate, members.position AS member
FROM candidates
INNER JOIN graph.accounts AS accounts ON accounts.account_id = candidates.account_id
INNER JOIN graph.adjacency AS ties ON ties.source = accounts.node AND ties.is_follower
INNER JOIN members ON members.node = ties.target
ORDER BY candidate, member
