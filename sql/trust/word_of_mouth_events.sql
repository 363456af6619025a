-- Members of an audience who mention, quote or repost an account, by week, from the interactions.
-- From: inputs interactions; graph accounts; members (node). Grain: one row per actor, target, kind and ISO week;
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
WHERE
    interactions.kind IN ('mention', 'quote', 'repost')
    AND interactions.actor_id <> interactions.target_id
    AND actor.node IN (SELECT node FROM members)
GROUP BY ALL
ORDER BY ALL
