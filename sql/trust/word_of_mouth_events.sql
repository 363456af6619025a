-- Members of an audience who mention, quote or repost an account, by week, and whether a post called for it.
-- Left out are mentions that put nobody before others: inside a passed-on post ("RT @...", somebody else's words;
-- passing on counts as a repost; where the post is not in the data, a repost at the same moment tells), in an answer
-- to the account itself, and in a roll call of more than most_mentioned accounts. An answer is known by the post it
-- answers, by a reply at the same moment, or, in data where no post says what it answers, by the handles it begins
-- with.
-- From: inputs interactions, posts; graph accounts; members (node); calls_to_share (post_id). Parameter:
-- most_mentioned. Grain: one row per actor, target, kind, week, is_prompted and occasion; the week counts from Monday,
-- 29 December 1969, and is -1 where the interaction carries no time. occasion: the post that was passed on, NULL for
-- own words or where it is not known.
-- Materialised for the reason given in graph/interaction_edges.sql.
WITH speakers AS MATERIALIZED (
    SELECT
        node,
        account_id
    FROM accounts
    WHERE node IN (SELECT node FROM members)
),

acts AS MATERIALIZED (
    SELECT
        actor_id,
        target_id,
        kind,
        post_id,
        occurred_at
    FROM interactions
    WHERE
        kind IN ('mention', 'quote', 'repost', 'reply')
        AND actor_id <> target_id
        AND actor_id IN (SELECT account_id FROM speakers)
),

-- Of a mention the post that holds it, of a quote or repost the post passed on; only these are read.
meant AS MATERIALIZED (
    SELECT
        posts.post_id,
        posts.text,
        posts.reply_to_post_id,
        calls.post_id IS NOT NULL AS is_call
    FROM posts
    LEFT JOIN calls_to_share AS calls ON posts.post_id = calls.post_id
    WHERE posts.post_id IN (SELECT post_id FROM acts WHERE kind <> 'reply')
),

answered AS MATERIALIZED (
    SELECT
        meant.post_id,
        parent.author_id,
        calls.post_id IS NOT NULL AS is_call
    FROM meant
    INNER JOIN posts AS parent ON meant.reply_to_post_id = parent.post_id
    LEFT JOIN calls_to_share AS calls ON parent.post_id = calls.post_id
),

roll_calls AS MATERIALIZED (
    SELECT post_id
    FROM acts
    WHERE kind = 'mention' AND post_id IS NOT NULL
    GROUP BY post_id
    HAVING count(DISTINCT target_id) > $most_mentioned
),

replies AS MATERIALIZED (
    SELECT DISTINCT
        actor_id,
        target_id,
        occurred_at
    FROM acts
    WHERE kind = 'reply' AND occurred_at IS NOT NULL
),

passed_on AS MATERIALIZED (
    SELECT DISTINCT
        actor_id,
        occurred_at
    FROM acts
    WHERE kind = 'repost' AND occurred_at IS NOT NULL
),

spoken AS (
    SELECT
        acts.*,
        meant.text <> '' AS has_text,
        acts.kind = 'mention' AND (
            starts_with(meant.text, 'RT @')
            OR (meant.post_id IS NULL AND passed_on.actor_id IS NOT NULL)
            OR answered.author_id = acts.target_id
            OR replies.actor_id IS NOT NULL
            OR roll_calls.post_id IS NOT NULL
            OR (
                NOT (SELECT count(reply_to_post_id) > 0 FROM posts)
                AND list_contains(
                    regexp_extract_all(lower(regexp_extract(meant.text, '^\s*(@\w+\s+)+')), '@\w+'),
                    '@' || lower(target.handle)
                )
            )
        ) AS is_left_out,
        coalesce(meant.is_call, FALSE) OR (acts.kind = 'mention' AND coalesce(answered.is_call, FALSE))
            AS is_prompted,
        target.node AS target
    FROM acts
    INNER JOIN accounts AS target ON acts.target_id = target.account_id
    LEFT JOIN meant ON acts.post_id = meant.post_id
    LEFT JOIN answered ON acts.post_id = answered.post_id
    LEFT JOIN roll_calls ON acts.post_id = roll_calls.post_id
    LEFT JOIN replies
        ON
            acts.actor_id = replies.actor_id
            AND acts.target_id = replies.target_id
            AND acts.occurred_at = replies.occurred_at
    LEFT JOIN passed_on ON acts.actor_id = passed_on.actor_id AND acts.occurred_at = passed_on.occurred_at
    WHERE acts.kind <> 'reply'
)

SELECT
    speakers.node AS actor,
    spoken.target,
    spoken.kind,
    coalesce(CAST(floor((epoch(spoken.occurred_at) + 259200) / 604800) AS BIGINT), -1) AS week,
    spoken.is_prompted,
    CASE WHEN spoken.kind = 'repost' THEN spoken.post_id END AS occasion,
    count(*) AS events,
    count(*) FILTER (coalesce(spoken.has_text, FALSE)) AS events_with_text,
    min(spoken.occurred_at) AS first_at,
    max(spoken.occurred_at) AS last_at,
    min(spoken.post_id) AS example_post_id
FROM spoken
INNER JOIN speakers ON spoken.actor_id = speakers.account_id
WHERE NOT coalesce(spoken.is_left_out, FALSE)
GROUP BY ALL
ORDER BY speakers.node, spoken.target, spoken.kind, week, spoken.is_prompted, occasion
