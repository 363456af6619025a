-- Makes: how much of the network the tables show. Grain: one row; a share is NULL where nothing can be said.
-- From: `accounts`, `follow_ids` (account_id, follows_listed, followers_listed).
WITH claimed AS (
    SELECT
        sum(accounts.followers_count) AS followers_claimed,
        sum(coalesce(follow_ids.followers_listed, 0)) AS followers_listed
    FROM accounts
    LEFT JOIN follow_ids USING (account_id)
    WHERE accounts.followers_count IS NOT NULL
),

ids AS (
    SELECT
        follows_listed + followers_listed AS ends,
        account_id IN (SELECT account_id FROM accounts) AS is_listed
    FROM follow_ids
    WHERE follows_listed + followers_listed > 0
)

SELECT
    (SELECT sum(ends) FILTER (is_listed) / nullif(sum(ends), 0) FROM ids) AS endpoints_listed_share,
    (SELECT followers_listed / nullif(followers_claimed, 0) FROM claimed) AS followers_listed_share,
    (SELECT count(*) FROM ids) AS ids,
    (SELECT count(*) FILTER (is_listed) FROM ids) AS ids_listed
