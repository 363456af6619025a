-- How many followers each candidate had over time: as counted on its profile where it was read three times or
-- more, else as far as the times of its follows tell. Thinned to some $points points, the last of each stretch.
-- From: inputs snapshots; follow_days (account_id, day, change), of accounts whose follows have times; graph accounts,
-- touched. Grain: one row per account and day.
WITH candidates AS (
    SELECT accounts.account_id, accounts.handle
    FROM touched
    INNER JOIN accounts ON touched.node = accounts.node
    WHERE touched.is_candidate
),

counted AS (
    SELECT
        snapshots.account_id,
        CAST(snapshots.observed_at AS DATE) AS day,
        CAST(arg_max(snapshots.followers_count, snapshots.observed_at) AS BIGINT) AS followers
    FROM snapshots
    SEMI JOIN candidates ON snapshots.account_id = candidates.account_id
    WHERE snapshots.followers_count IS NOT NULL AND snapshots.observed_at IS NOT NULL
    GROUP BY snapshots.account_id, CAST(snapshots.observed_at AS DATE)
    QUALIFY count(*) OVER (PARTITION BY snapshots.account_id) >= 3
),

summed AS (
    SELECT
        follow_days.account_id,
        follow_days.day,
        CAST(sum(follow_days.change) OVER days AS BIGINT) AS followers
    FROM follow_days
    ANTI JOIN counted ON follow_days.account_id = counted.account_id
    WINDOW days AS (PARTITION BY follow_days.account_id ORDER BY follow_days.day)
),

together AS (
    SELECT *, 'snapshots' AS source FROM counted
    UNION ALL
    SELECT *, 'follow_times' AS source FROM summed
),

placed AS (
    SELECT
        *,
        CAST(floor(date_diff('day', min(day) OVER whole, day) * CAST($points AS BIGINT)
            / greatest(1, date_diff('day', min(day) OVER whole, max(day) OVER whole))) AS BIGINT) AS stretch
    FROM together
    WINDOW whole AS (PARTITION BY account_id)
)

SELECT placed.account_id, candidates.handle, placed.day, placed.followers, placed.source
FROM placed
INNER JOIN candidates ON placed.account_id = candidates.account_id
QUALIFY
    row_number() OVER (PARTITION BY placed.account_id, placed.stretch ORDER BY placed.day DESC) = 1
    OR placed.day = min(placed.day) OVER (PARTITION BY placed.account_id)
ORDER BY placed.account_id, placed.day
