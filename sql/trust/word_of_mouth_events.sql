-- Members of an audience who mention, quote or repost an account, by week, from the interactions.
-- A mention inside a passed-on post ("RT @...") repeats somebody else's words and is left out; passing on counts
-- as a repost.
-- From: inputs interactions, posts; graph accounts; members (node). Grain: one row per actor, target, kind and ISO week;
-- the week counts from 1970 and is -1 where the interaction carries no time.
SELECT
    actor.node AS actor,
    target.node AS target,
    interactions.kind,
    coalesce(CAST(floor(epoch(interactions.occurred_at) / 604800) AS BIGINT), -1) AS week,
    count(*) AS events
FROM interactions
INNER JOIN accounts AS actor ON interactions.actor_id = actor.account_id
INNER JOIN accounts AS target ON interactions.target_id = target.account_id
LEFT JOIN posts ON interactions.kind = 'mention' AND interactions.post_id = posts.post_id
WHERE
    NOT coalesce(starts_with(posts.text, 'RT @'), FALSE)
    AND interactions.kind IN ('mention', 'quote', 'repost')
    AND interactions.actor_id <> interactions.target_id
    AND actor.node IN (SELECT node FROM members)
GROUP BY ALL
ORDER BY ALL
