-- Makes the published picks of every plan of an audience, in order. The plan for a budget comes first.
-- From: portfolio. Grain: one row per plan × pick.

SELECT
    plan,
    pick,
    account_id,
    handle,
    adds,
    adds_share,
    cumulative_reach,
    cumulative_share,
    new_members,
    cumulative_members,
    cumulative_members_share,
    price,
    currency,
    budget,
    is_vetted
FROM portfolio
WHERE audience = $audience AND run_id = $run_id
ORDER BY plan, pick
