-- The posts of accounts with a burst of followers, and how many engaged with each: what the platform counts or what
-- the data list, whichever is more, without the share of listed acts that come from suspicious profiles. Bought
-- likes would otherwise make a post stand out.
-- From: bursts (burst, node); inputs posts, interactions; graph accounts, profiles.
-- Grain: one row per burst and post of its account.
WITH written AS MATERIALIZED (
    SELECT
        bursts.burst,
        bursts.node,
        posts.post_id,
        posts.posted_at,
        coalesce(posts.likes_count, 0) + coalesce(posts.replies_count, 0)
        + coalesce(posts.reposts_count, 0) AS counted
    FROM bursts
    INNER JOIN accounts ON bursts.node = accounts.node
    INNER JOIN posts ON accounts.account_id = posts.author_id
    WHERE posts.posted_at IS NOT NULL AND posts.reply_to_post_id IS NULL
),

acts AS MATERIALIZED (
    SELECT
        interactions.post_id,
        count(*) AS acts,
        count(*) FILTER (WHERE profiles.profile_type = 'suspicious') AS suspicious
    FROM interactions
    INNER JOIN accounts ON interactions.actor_id = accounts.account_id
    INNER JOIN profiles ON accounts.node = profiles.node
    WHERE interactions.post_id IN (SELECT post_id FROM written) AND interactions.kind <> 'mention'
    GROUP BY interactions.post_id
)

SELECT
    written.burst,
    written.node,
    CAST(floor(epoch(written.posted_at) / 86400) AS BIGINT) AS day,
    greatest(written.counted, coalesce(acts.acts, 0))
    * (1 - coalesce(acts.suspicious / acts.acts, 0)) AS engagement
FROM written
LEFT JOIN acts ON written.post_id = acts.post_id
ORDER BY written.burst, written.posted_at, written.post_id
