-- The groups that look like engagement pods, with when their members engaged with each other.
-- From: pod_groups, pod_members, engagements. Grain: one row per group.
SELECT
    'pod-' || lpad(CAST(pod_groups."group" + 1 AS VARCHAR), 3, '0') AS group_id,
    'engagement_pod' AS kind,
    (SELECT count(*) FROM pod_members WHERE pod_members."group" = pod_groups."group") AS members,
    pod_groups.density,
    pod_groups.contrast,
    pod_groups.score,
    pod_groups.threshold,
    min(engagements.first_at) AS first_at,
    max(engagements.last_at) AS last_at
FROM pod_groups
LEFT JOIN pod_members AS giver ON pod_groups."group" = giver."group"
LEFT JOIN pod_members AS taker ON pod_groups."group" = taker."group"
LEFT JOIN engagements ON giver.node = engagements.actor AND taker.node = engagements.author
GROUP BY ALL
ORDER BY group_id
