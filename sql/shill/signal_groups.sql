-- The groups of accounts that act together, of every kind.
-- From: found_groups, found_members. Grain: one row per group.
SELECT
    found_groups.prefix || '-' || lpad(CAST(found_groups."group" + 1 AS VARCHAR), 3, '0') AS group_id,
    found_groups.kind,
    (
        SELECT count(*)
        FROM found_members
        WHERE found_members.kind = found_groups.kind AND found_members."group" = found_groups."group"
    ) AS members,
    found_groups.density,
    found_groups.contrast,
    found_groups.score,
    found_groups.threshold,
    found_groups.first_at,
    found_groups.last_at,
    found_groups.about,
    found_groups.observed,
    found_groups.expected,
    found_groups.topic_match,
    found_groups.first_hour_share,
    found_groups.typical_delay_s
FROM found_groups
ORDER BY group_id
