-- What a profile shows of itself, as numbers; NULL where the data do not say. A whole column that was not
-- delivered is NULL for everybody. An empty bio counts as "no bio" only where bios were delivered at all.
-- From: graph accounts, inputs balance. Parameter: day (ISO date).
-- Grain: one row per account, in the order of the node.
WITH delivered AS (
    SELECT coalesce(bool_or(list_contains(columns_present, 'bio')), FALSE) AS has_bios
    FROM balance
    WHERE table_name = 'accounts'
)

SELECT
    accounts.node,
    CAST(accounts.has_avatar AS DOUBLE) AS has_avatar,
    CASE
        WHEN accounts.is_listed AND delivered.has_bios
            THEN CAST(length(trim(coalesce(accounts.bio, ''))) > 0 AS DOUBLE)
    END AS has_bio,
    CAST(accounts.posts_count AS DOUBLE) AS posts_count,
    CAST(accounts.followers_count AS DOUBLE) AS followers_count,
    CAST(accounts.following_count AS DOUBLE) AS following_count,
    CAST(accounts.is_private AS DOUBLE) AS is_private,
    CASE
        WHEN accounts.is_listed AND accounts.handle <> accounts.account_id
            THEN CAST(length(regexp_replace(accounts.handle, '[^0-9]', '', 'g')) AS DOUBLE)
    END AS handle_digits,
    CAST(date_diff('day', accounts.created_at, CAST($day AS TIMESTAMP)) AS DOUBLE) AS age_days
FROM accounts
CROSS JOIN delivered
ORDER BY accounts.node
