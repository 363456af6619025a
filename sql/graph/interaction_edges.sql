-- Who acted on whom, how and how often. Where no reply is delivered as an interaction, replies are read off the
-- posts that answer another post. Acting on oneself is left out, and so is a mention inside a passed-on post
-- ("RT @..."): it repeats somebody else's words, and the repost counts.
-- From: inputs interactions, posts; graph accounts.
-- Grain: one row per actor, target and kind.
-- Each step is materialised: left to itself the planner compares both ends while joining, and so pairs all
-- accounts with all accounts.
WITH passed_on AS MATERIALIZED (
    SELECT post_id FROM posts WHERE starts_with(text, 'RT @')
),

delivered AS MATERIALIZED (
    SELECT actor_id, target_id, kind, occurred_at
    FROM interactions
    WHERE
        actor_id <> target_id
        AND NOT coalesce(kind = 'mention' AND post_id IN (SELECT post_id FROM passed_on), FALSE)
),

answers AS MATERIALIZED (
    SELECT
        answer.author_id AS actor_id,
        answered.author_id AS target_id,
        'reply' AS kind,
        answer.posted_at AS occurred_at
    FROM posts AS answer
    INNER JOIN posts AS answered ON answer.reply_to_post_id = answered.post_id
),

events AS MATERIALIZED (
    SELECT * FROM delivered
    UNION ALL
    SELECT * FROM answers
    WHERE actor_id <> target_id AND (SELECT count(*) FROM interactions WHERE kind = 'reply') = 0
),

counted AS MATERIALIZED (
    SELECT
        actor_id,
        target_id,
        kind,
        count(*) AS events,
        min(occurred_at) AS first_at,
        max(occurred_at) AS last_at
    FROM events
    GROUP BY actor_id, target_id, kind
)

SELECT
    actor.node AS actor,
    target.node AS target,
    counted.kind,
    counted.events,
    counted.first_at,
    counted.last_at
FROM counted
INNER JOIN accounts AS actor ON counted.actor_id = actor.account_id
INNER JOIN accounts AS target ON counted.target_id = target.account_id
ORDER BY actor.node, target.node, counted.kind
