-- Makes how much of the members' own behaviour the data show, which reach rests on.
-- follows_share is their follows in the data ÷ those that their profiles state, over members whose profile states any.
-- From: audience_members, graph.accounts, graph.degrees, graph.interactions. Grain: one row.

WITH members AS MATERIALIZED (
    SELECT
        accounts.node,
        accounts.following_count,
        coalesce(degrees.following, 0) AS following
    FROM audience_members AS listed
    INNER JOIN graph.accounts AS accounts ON accounts.account_id = listed.account_id
    LEFT JOIN graph.degrees AS degrees ON degrees.node = accounts.node
    WHERE listed.audience = $audience AND listed.run_id = $run_id
)

SELECT
    count(*) AS members,
    count(*) FILTER (following > 0) AS following_members,
    median(following) FILTER (following > 0) AS follows_at_median,
    sum(least(following, following_count)) FILTER (following_count > 0)
    / nullif(sum(following_count) FILTER (following_count > 0), 0) AS follows_share,
    count(*) FILTER (node IN (SELECT interactions.actor FROM graph.interactions AS interactions)) AS acting_members
FROM members
