-- Members of an audience who mention, quote or repost an account, by week, from the interactions.
-- A mention inside a passed-on post ("RT @...") repeats somebody else's words and is left out; passing on counts
-- as a repost.
-- From: inputs interactions, posts; graph accounts; members (node). Grain: one row per actor, target, kind and week;
-- the week counts from Monday, 29 December 1969, and is -1 where the interaction carries no time.
-- Materialised for the reason given in graph/interaction_edges.sql.
WITH passed_on AS MATERIALIZED (
    SELECT post_id FROM posts WHERE starts_with(text, 'RT @')
),

speakers AS MATERIALIZED (
    SELECT node, account_id FROM accounts WHERE node IN (SELECT node FROM members)
),

spoken AS MATERIALIZED (
    SELECT
        actor_id,
        target_id,
        kind,
        coalesce(CAST(floor((epoch(occurred_at) + 259200) / 604800) AS BIGINT), -1) AS week,
        count(*) AS events
    FROM interactions
    WHERE
        kind IN ('mention', 'quote', 'repost')
        AND actor_id <> target_id
        AND actor_id IN (SELECT account_id FROM speakers)
        AND NOT coalesce(kind = 'mention' AND post_id IN (SELECT post_id FROM passed_on), FALSE)
    GROUP BY ALL
)

SELECT
    speakers.node AS actor,
    target.node AS target,
    spoken.kind,
    spoken.week,
    spoken.events
FROM spoken
INNER JOIN speakers ON spoken.actor_id = speakers.account_id
INNER JOIN accounts AS target ON spoken.target_id = target.account_id
ORDER BY speakers.node, target.node, spoken.kind, spoken.week
