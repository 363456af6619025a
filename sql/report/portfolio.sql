-- Makes the picks of every plan of one audience. The plan for a budget comes first, where there is one.
-- exclusive_share is the share of the members following a pick whom no other pick of its plan reaches; it is NULL
-- where the follows of this file do not give what the run counted, as where attention means interactions.
-- was_pick says whether the run before picked it in any of its plans; NULL where no run before is known.
-- From: portfolio, audience_members, graph.accounts, graph.adjacency, partner_rankings.
-- Grain: one row per plan × pick, in order.

WITH picks AS (
    SELECT *
    FROM portfolio
    WHERE audience = $audience AND run_id = $run_id
),

members AS MATERIALIZED (
    SELECT accounts.node
    FROM audience_members AS listed
    INNER JOIN graph.accounts AS accounts ON accounts.account_id = listed.account_id
    WHERE listed.audience = $audience AND listed.run_id = $run_id
),

reached AS MATERIALIZED (
    SELECT
        picks.plan,
        picks.account_id,
        ties.target AS member,
        count(*) OVER (PARTITION BY picks.plan, ties.target) AS picks_followed
    FROM picks
    INNER JOIN graph.accounts AS accounts ON accounts.account_id = picks.account_id
    INNER JOIN graph.adjacency AS ties ON ties.source = accounts.node
    WHERE ties.is_follower AND ties.target IN (SELECT members.node FROM members)
),

plans AS (
    SELECT
        reached.plan,
        count(DISTINCT reached.member) = any_value(counted.members) AS is_counted
    FROM reached
    INNER JOIN (SELECT plan, max(cumulative_members) AS members FROM picks GROUP BY plan) AS counted
        ON counted.plan = reached.plan
    GROUP BY reached.plan
),

alone AS (
    SELECT plan, account_id, avg((picks_followed = 1)::DOUBLE) AS exclusive_share
    FROM reached
    GROUP BY plan, account_id
),

before AS (
    SELECT account_id
    FROM partner_rankings
    WHERE audience = $audience AND run_id = $previous_run_id AND is_pick
)

SELECT
    picks.*,
    CASE WHEN plans.is_counted THEN alone.exclusive_share END AS exclusive_share,
    CASE
        WHEN EXISTS (SELECT 1 FROM before)
            THEN EXISTS (SELECT 1 FROM before WHERE before.account_id = picks.account_id)
    END AS was_pick
FROM picks
LEFT JOIN plans ON plans.plan = picks.plan
LEFT JOIN alone ON alone.plan = picks.plan AND alone.account_id = picks.account_id
ORDER BY picks.plan, picks.pick
