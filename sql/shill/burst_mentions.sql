-- Who mentioned, quoted or reposted an account with a burst of followers and is large enough to have sent them:
-- at least $reach followers, claimed or listed, for each arrival.
-- From: bursts (burst, node, arrivals, is_claimed); inputs interactions; graph accounts, follower_counts.
-- Grain: one row per burst, day and actor.
SELECT DISTINCT
    bursts.burst,
    CAST(floor(epoch(interactions.occurred_at) / 86400) AS BIGINT) AS day,
    actor.node AS actor
FROM bursts
INNER JOIN accounts AS target ON bursts.node = target.node
INNER JOIN interactions ON target.account_id = interactions.target_id
INNER JOIN accounts AS actor ON interactions.actor_id = actor.account_id
INNER JOIN follower_counts ON actor.node = follower_counts.node
WHERE
    interactions.kind IN ('mention', 'quote', 'repost')
    AND interactions.occurred_at IS NOT NULL
    AND actor.node <> bursts.node
    AND bursts.arrivals * $reach
    <= if(bursts.is_claimed, coalesce(actor.followers_count, 0), follower_counts.followers)
ORDER BY bursts.burst, day, actor.node
