-- Makes the groups inside one audience, the largest first; those too small to stand alone come last.
-- From: communities. Grain: one row per community.

SELECT community, members, members_cleaned, name, terms, stability, internal_share, is_small
FROM communities
WHERE audience = $audience AND run_id = $run_id
ORDER BY community < 0, members DESC NULLS LAST, community
