-- Makes the groups inside one audience, the largest first; those too small to stand alone come last.
-- From: communities, audience_members. Grain: one row per community; weight_kept is the share of its members' stated
-- weight that cleaning leaves, unusual_members how many have an unusual or empty profile or act in step, both NULL
-- where the file names no members of it.

WITH counted AS (
    SELECT
        community,
        sum(weight) / nullif(sum(stated_weight), 0) AS weight_kept,
        count_if(reason IN ('suspicious_profile', 'empty_profile', 'lockstep')) AS unusual_members
    FROM audience_members
    WHERE audience = $audience AND run_id = $run_id
    GROUP BY community
)

SELECT
    groups.community,
    groups.members,
    groups.members_cleaned,
    groups.name,
    groups.terms,
    groups.stability,
    groups.internal_share,
    groups.is_small,
    counted.weight_kept,
    counted.unusual_members
FROM communities AS groups
LEFT JOIN counted ON counted.community = groups.community
WHERE groups.audience = $audience AND groups.run_id = $run_id
ORDER BY groups.community < 0, groups.members DESC NULLS LAST, groups.community
