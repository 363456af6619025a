-- The groups inside an audience, as published. A name is what the members share, then whom they follow most of all:
-- the first terms, the first voices. Handles are the words of strangers: invisible and direction-changing
-- characters go, and length is capped; terms come cleaned.
-- From: community_members, community_facts, community_voices, graph accounts. Parameters: run_id, audience,
-- small_share.
-- Grain: one row per community; members without a group are left out.
WITH called AS (
    SELECT
        voices.community,
        voices.position,
        voices.handle,
        left(
            trim(
                regexp_replace(
                    CASE
                        WHEN voices.handle = voices.account_id
                            THEN coalesce(accounts.display_name, left(voices.account_id, 12))
                        ELSE '@' || voices.handle
                    END,
                    '[\p{C}\p{Z}]+', ' ', 'g'
                )
            ),
            40
        ) AS label
    FROM community_voices AS voices
    INNER JOIN accounts ON voices.account_id = accounts.account_id
),

voiced AS (
    SELECT
        community,
        list(handle ORDER BY position) FILTER (WHERE position <= 5) AS top_voices,
        list(label ORDER BY position) FILTER (WHERE position <= 3 AND label <> '') AS labels
    FROM called
    GROUP BY community
),

groups AS (
    SELECT
        community,
        count(*) AS members,
        sum(weight) AS members_cleaned
    FROM community_members
    WHERE community >= 0
    GROUP BY community
)

SELECT
    CAST($run_id AS VARCHAR) AS run_id,
    CAST($audience AS VARCHAR) AS audience,
    groups.community,
    groups.members,
    groups.members_cleaned,
    coalesce(
        nullif(
            concat_ws(
                ' · ',
                array_to_string(facts.terms[1:3], ', '),
                'around ' || array_to_string(
                    CASE WHEN len(facts.terms) > 0 THEN voiced.labels[1:2] ELSE voiced.labels END, ', '
                )
            ),
            ''
        ),
        'no voice of its own'
    ) AS name,
    facts.terms,
    facts.stability,
    voiced.top_voices,
    groups.members < $small_share * sum(groups.members) OVER () AS is_small,
    facts.internal_share
FROM groups
INNER JOIN community_facts AS facts ON groups.community = facts.community
LEFT JOIN voiced ON groups.community = voiced.community
ORDER BY groups.community
