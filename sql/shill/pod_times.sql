-- When the members of a group engage with each other, and how soon after the post; beside it how soon everybody
-- does. An act before its post is a clock that is wrong, and has no delay.
-- From: pod_members, engagements. Grain: one row per group in which anybody did.
WITH acts AS (
    SELECT
        giver."group",
        engagements.first_at,
        engagements.last_at,
        CASE WHEN engagements.delay_s >= 0 THEN engagements.delay_s END AS delay_s
    FROM pod_members AS giver
    INNER JOIN pod_members AS taker ON giver."group" = taker."group"
    INNER JOIN engagements ON giver.node = engagements.actor AND taker.node = engagements.author
)

SELECT
    "group",
    min(first_at) AS first_at,
    max(last_at) AS last_at,
    count(delay_s) AS timed_acts,
    avg(CAST(delay_s <= 3600 AS DOUBLE)) AS first_hour_share,
    median(delay_s) AS typical_delay_s,
    (
        SELECT avg(CAST(engagements.delay_s <= 3600 AS DOUBLE)) FROM engagements WHERE engagements.delay_s >= 0
    ) AS usual_first_hour_share
FROM acts
GROUP BY "group"
ORDER BY "group"
