-- Makes who speaks for a brand for export, with the place in the ranking where there is one; of one audience or,
-- where it is NULL, of all.
-- From: advocates, ranked_partners, latest_runs. Grain: one row per audience × brand × account; those who spoke
-- before anything paid was seen come first.

SELECT
    speakers.* EXCLUDE (run_id),
    partners.rank,
    partners.status,
    partners.status_reason
FROM advocates AS speakers
LEFT JOIN ranked_partners AS partners
    ON partners.audience = speakers.audience AND partners.account_id = speakers.account_id
WHERE
    (speakers.run_id, speakers.audience) IN (SELECT (latest.run_id, latest.audience) FROM latest_runs AS latest)
    AND ($audience::VARCHAR IS NULL OR speakers.audience = $audience::VARCHAR)
ORDER BY
    speakers.audience,
    speakers.brand,
    speakers.is_before_paid DESC NULLS LAST,
    speakers.weeks DESC NULLS LAST,
    speakers.account_id
