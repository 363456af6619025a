-- Members of an audience who mention, quote or repost an account, by week, from the interactions.
-- A mention inside a passed-on post ("RT @...") repeats somebody else's words and is left out; passing on counts
-- as a repost.
-- From: inputs interactions, posts; graph accounts; members (node). Grain: one row per actor, target, kind and ISO week;
-- the week counts from 1970 and is -1 where the interaction carries no time.
WITH speakers AS (
    SELECT accounts.node, accounts.account_id
    FROM accounts
    INNER JOIN members ON accounts.node = members.node
),

-- Materialised for the reason given in graph/interaction_edges.sql.
spoken AS MATERIALIZED (
    SELECT
        speakers.node AS actor,
        interactions.target_id,
        interactions.kind,
        coalesce(CAST(floor(epoch(interactions.occurred_at) / 604800) AS BIGINT), -1) AS week,
        count(*) AS events
    FROM interactions
    INNER JOIN speakers ON interactions.actor_id = speakers.account_id
    LEFT JOIN posts ON interactions.kind = 'mention' AND interactions.post_id = posts.post_id
    WHERE
        interactions.kind IN ('mention', 'quote', 'repost')
        AND interactions.target_id <> speakers.account_id
        AND NOT coalesce(starts_with(posts.text, 'RT @'), FALSE)
    GROUP BY ALL
)

SELECT
    spoken.actor,
    target.node AS target,
    spoken.kind,
    spoken.week,
    spoken.events
FROM spoken
INNER JOIN accounts AS target ON spoken.target_id = target.account_id
ORDER BY spoken.actor, target.node, spoken.kind, spoken.week
