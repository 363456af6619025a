-- Makes how the members of one audience count, by the factor that took the most; those who count in full first.
-- From: audience_members. Grain: one row per reason; none where the run kept no reasons.

SELECT
    reason,
    count(*) AS members,
    sum(weight) AS members_cleaned,
    sum(sum(stated_weight)) OVER () AS all_stated,
    sum(sum(weight)) OVER () AS all_cleaned,
    sum(count(*)) OVER () AS all_members
FROM audience_members
WHERE audience = $audience AND run_id = $run_id AND reason IS NOT NULL
GROUP BY reason
ORDER BY reason <> 'full_weight', reason <> 'nearly_full', members DESC, reason
