-- When the members of a pod engaged with each other.
-- From: pod_members, engagements. Grain: one row per group in which anybody did.
SELECT
    giver."group",
    min(engagements.first_at) AS first_at,
    max(engagements.last_at) AS last_at
FROM pod_members AS giver
INNER JOIN pod_members AS taker ON giver."group" = taker."group"
INNER JOIN engagements ON giver.node = engagements.actor AND taker.node = engagements.author
GROUP BY giver."group"
ORDER BY giver."group"
