-- Makes the groups inside the audiences for export, the voices of each as lists; of one audience or, where it is
-- NULL, of all.
-- From: communities, community_voices, latest_runs. Grain: one row per audience × community, the largest first.

SELECT
    groups.* EXCLUDE (run_id),
    voices.voices,
    voices.hidden_voices
FROM communities AS groups
LEFT JOIN (
    SELECT
        run_id,
        audience,
        community,
        list(coalesce(handle, account_id) ORDER BY position, account_id) AS voices,
        list(coalesce(handle, account_id) ORDER BY position, account_id)
            FILTER (is_hidden_by_the_list) AS hidden_voices
    FROM community_voices
    GROUP BY run_id, audience, community
) AS voices
    ON voices.run_id = groups.run_id AND voices.audience = groups.audience AND voices.community = groups.community
WHERE
    (groups.run_id, groups.audience) IN (SELECT (latest.run_id, latest.audience) FROM latest_runs AS latest)
    AND ($audience::VARCHAR IS NULL OR groups.audience = $audience::VARCHAR)
ORDER BY groups.audience, groups.community < 0, groups.members DESC NULLS LAST, groups.community
