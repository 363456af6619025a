-- Makes the groups inside the audiences for export, the voices of each as lists, in voice_statuses the status of each
-- of the voices, NULL where the list does not rank it; of one audience or, where it is NULL, of all. An account to
-- avoid is no voice that the list hides: it belongs that far down.
-- From: communities, community_voices, ranked_partners, latest_runs.
-- Grain: one row per audience × community, the largest first.

SELECT
    groups.* EXCLUDE (run_id),
    voices.voices,
    voices.hidden_voices,
    voices.voice_statuses
FROM communities AS groups
LEFT JOIN (
    SELECT
        heard.run_id,
        heard.audience,
        heard.community,
        list(coalesce(heard.handle, heard.account_id) ORDER BY heard.position, heard.account_id) AS voices,
        list(coalesce(heard.handle, heard.account_id) ORDER BY heard.position, heard.account_id)
            FILTER (heard.is_hidden_by_the_list AND partners.status IS DISTINCT FROM 'avoid') AS hidden_voices,
        list(partners.status ORDER BY heard.position, heard.account_id) AS voice_statuses
    FROM community_voices AS heard
    LEFT JOIN ranked_partners AS partners
        ON
            partners.run_id = heard.run_id
            AND partners.audience = heard.audience
            AND partners.account_id = heard.account_id
    GROUP BY heard.run_id, heard.audience, heard.community
) AS voices
    ON voices.run_id = groups.run_id AND voices.audience = groups.audience AND voices.community = groups.community
WHERE
    (groups.run_id, groups.audience) IN (SELECT (latest.run_id, latest.audience) FROM latest_runs AS latest)
    AND ($audience::VARCHAR IS NULL OR groups.audience = $audience::VARCHAR)
ORDER BY groups.audience, groups.community < 0, groups.members DESC NULLS LAST, groups.community
