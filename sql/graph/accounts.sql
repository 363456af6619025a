-- The account index: every account that the network shows, with a dense node number in the order of the id. Members
-- that nothing but the list of an audience names are not known to the network, and no share counts them.
-- From: inputs accounts, follow_ids, interactions, posts, audience_owners.
-- Grain: one row per account.
WITH mentioned AS (
    SELECT account_id FROM accounts
    UNION
    SELECT account_id FROM follow_ids
    WHERE follows_listed + followers_listed > 0
    UNION
    SELECT actor_id FROM interactions
    UNION
    SELECT target_id FROM interactions
    UNION
    SELECT author_id FROM posts
    UNION
    SELECT account_id FROM audience_owners
),

-- Ids alone are sorted as text; the whole rows then only by number.
numbered AS (
    SELECT
        account_id,
        CAST(row_number() OVER (ORDER BY account_id) - 1 AS UINTEGER) AS node
    FROM mentioned
    WHERE account_id IS NOT NULL
)

SELECT
    numbered.node,
    accounts.* REPLACE (numbered.account_id AS account_id, coalesce(accounts.handle, numbered.account_id) AS handle),
    accounts.account_id IS NOT NULL AS is_listed
FROM numbered
LEFT JOIN accounts USING (account_id)
ORDER BY numbered.node
