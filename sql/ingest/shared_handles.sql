-- Makes: how many handles more than one account bears, letter case aside, and the first of them with two of its
-- accounts. Grain: one row. From: `accounts`.
WITH shared AS (
    SELECT
        lower(handle) AS handle,
        min(account_id) AS one,
        max(account_id) AS other
    FROM accounts
    WHERE handle IS NOT NULL
    GROUP BY lower(handle)
    HAVING count(*) > 1
)

SELECT
    count(*) AS handles,
    min(handle) AS handle,
    arg_min(one, handle) AS one,
    arg_min(other, handle) AS other
FROM shared
