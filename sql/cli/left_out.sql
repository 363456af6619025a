-- Makes whom one plan of an audience leaves out for want of a look at bought influence, and who of them adds most.
-- They lack nothing else. What they add are members whom no pick of the plan reaches; where attention is not follows
-- nothing is said.
-- From: ranked_partners, portfolio, audience_members, graph.accounts, graph.adjacency.
-- Grain: at most one row, the candidate who adds most; candidates says how many are left out.

WITH lacking AS (
    SELECT
        account_id,
        handle,
        rank,
        price,
        currency
    FROM ranked_partners
    WHERE
        audience = $audience
        AND status = 'not_enough_data'
        AND status_reason = 'n_signals'
        AND lift_low > 1
        AND attention_basis = 'follows'
),

members AS MATERIALIZED (
    SELECT accounts.node
    FROM audience_members AS listed
    INNER JOIN graph.accounts AS accounts ON accounts.account_id = listed.account_id
    WHERE listed.audience = $audience AND listed.run_id = $run_id
),

picks AS (
    SELECT account_id
    FROM portfolio
    WHERE audience = $audience AND run_id = $run_id AND plan = $plan
),

listeners AS MATERIALIZED (
    SELECT
        accounts.account_id,
        ties.target AS member
    FROM graph.accounts AS accounts
    INNER JOIN graph.adjacency AS ties ON ties.source = accounts.node
    WHERE
        ties.is_follower
        AND ties.target IN (SELECT members.node FROM members)
        AND (
            accounts.account_id IN (SELECT lacking.account_id FROM lacking)
            OR accounts.account_id IN (SELECT picks.account_id FROM picks)
        )
),

reached AS (
    SELECT DISTINCT listeners.member
    FROM listeners
    INNER JOIN picks ON picks.account_id = listeners.account_id
),

adding AS (
    SELECT
        account_id,
        count(*) AS new_members
    FROM listeners
    WHERE member NOT IN (SELECT reached.member FROM reached)
    GROUP BY account_id
)

SELECT
    lacking.*,
    (SELECT count(*) FROM lacking) AS candidates,
    adding.new_members,
    adding.new_members / (SELECT count(*) FROM members) AS new_members_share
FROM lacking
INNER JOIN adding ON adding.account_id = lacking.account_id
ORDER BY adding.new_members DESC, lacking.rank NULLS LAST, lacking.account_id
LIMIT 1
