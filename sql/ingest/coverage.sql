-- Makes: how much of the network the tables show. Grain: one row; a share is NULL where nothing can be said.
-- From: `accounts`, `follows`.
WITH endpoints AS (
    SELECT follower_id AS account_id FROM follows
    UNION ALL
    SELECT followee_id FROM follows
),

listed AS (
    SELECT
        followee_id AS account_id,
        count(*) AS followers_listed
    FROM follows
    GROUP BY followee_id
),

claimed AS (
    SELECT
        sum(accounts.followers_count) AS followers_claimed,
        sum(coalesce(listed.followers_listed, 0)) AS followers_listed
    FROM accounts
    LEFT JOIN listed USING (account_id)
    WHERE accounts.followers_count IS NOT NULL
)

SELECT
    (
        SELECT count(*) FILTER (account_id IN (SELECT account_id FROM accounts)) / nullif(count(*), 0)
        FROM endpoints
    ) AS endpoints_listed_share,
    (SELECT followers_listed / nullif(followers_claimed, 0) FROM claimed) AS followers_listed_share
