-- Who acted on whom, how and how often. Where no reply is delivered as an interaction, replies are read off the
-- posts that answer another post. Acting on oneself is left out.
-- From: inputs interactions, posts; graph accounts.
-- Grain: one row per actor, target and kind.
WITH delivered AS (
    SELECT count(*) FILTER (WHERE kind = 'reply') AS replies FROM interactions
),

replies_from_posts AS (
    SELECT
        answer.author_id AS actor_id,
        answered.author_id AS target_id,
        'reply' AS kind,
        answer.posted_at AS occurred_at
    FROM posts AS answer
    CROSS JOIN delivered
    INNER JOIN posts AS answered ON answer.reply_to_post_id = answered.post_id
    WHERE delivered.replies = 0
),

events AS (
    -- A mention inside a passed-on post ("RT @...") repeats somebody else's words; the repost counts, it does not.
    SELECT interactions.actor_id, interactions.target_id, interactions.kind, interactions.occurred_at
    FROM interactions
    LEFT JOIN posts ON interactions.kind = 'mention' AND interactions.post_id = posts.post_id
    WHERE NOT coalesce(starts_with(posts.text, 'RT @'), FALSE)
    UNION ALL
    SELECT actor_id, target_id, kind, occurred_at FROM replies_from_posts
)

SELECT
    actor.node AS actor,
    target.node AS target,
    events.kind,
    count(*) AS events,
    min(events.occurred_at) AS first_at,
    max(events.occurred_at) AS last_at
FROM events
INNER JOIN accounts AS actor ON events.actor_id = actor.account_id
INNER JOIN accounts AS target ON events.target_id = target.account_id
-- Comparing the ids, not the nodes: the latter makes the planner pair all accounts with all accounts first.
WHERE events.actor_id <> events.target_id
GROUP BY actor.node, target.node, events.kind
ORDER BY actor.node, target.node, events.kind
