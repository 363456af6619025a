-- Who sent what to whom: posts, replies, mentions and quotes of the accounts that an audience attends to, of the
-- members and of the audience's owners. Each act stands once, however often it was delivered: a reply may be a post
-- that answers another and an interaction as well, and the post in which an interaction stands is found by its id
-- or, failing that, as the one post of the actor in that very second. Passed-on posts ("RT @...") are no acts of
-- speech. Naming a brand's account in a post is not written to a person. `words` is a number that equal texts share,
-- mentions, links, signs and case aside; 0 where there is no text.
-- From: inputs posts, interactions, brands; graph accounts; attended (node), members (node), owners (node).
-- Grain: one row per act and account that it addresses; target is NULL where it addresses nobody.
-- Materialised for the reason given in graph/interaction_edges.sql.
WITH speakers AS MATERIALIZED (
    SELECT account_id, node FROM accounts
    WHERE
        node IN (SELECT node FROM attended)
        OR node IN (SELECT node FROM members)
        OR node IN (SELECT node FROM owners)
),

passed_on AS MATERIALIZED (
    SELECT post_id FROM posts WHERE starts_with(text, 'RT @')
),

written AS MATERIALIZED (
    SELECT
        post_id,
        author_id,
        posted_at,
        reply_to_post_id,
        trim(regexp_replace(lower(text), '@[\w.-]+|https?://\S+|[^\s\p{L}\p{N}]+', '', 'g')) AS words
    FROM posts
    WHERE author_id IN (SELECT account_id FROM speakers) AND NOT coalesce(starts_with(text, 'RT @'), FALSE)
),

answering AS MATERIALIZED (
    SELECT
        written.post_id,
        written.author_id,
        written.posted_at,
        answered.author_id AS target_id,
        written.reply_to_post_id
    FROM written
    INNER JOIN posts AS answered ON written.reply_to_post_id = answered.post_id
    WHERE written.author_id <> answered.author_id
),

alone_in_time AS MATERIALIZED (
    SELECT author_id, posted_at, any_value(post_id) AS post_id
    FROM written
    WHERE posted_at IS NOT NULL
    GROUP BY author_id, posted_at
    HAVING count(*) = 1
),

read_already AS MATERIALIZED (
    SELECT author_id, post_id FROM answering
    UNION
    SELECT author_id, reply_to_post_id FROM answering
),

delivered AS MATERIALIZED (
    SELECT actor_id, target_id, kind, post_id, occurred_at
    FROM interactions AS act
    WHERE
        kind IN ('reply', 'mention', 'quote')
        AND actor_id <> target_id
        AND actor_id IN (SELECT account_id FROM speakers)
        AND NOT coalesce(kind = 'mention' AND post_id IN (SELECT post_id FROM passed_on), FALSE)
        AND NOT EXISTS (
            SELECT 1 FROM read_already
            WHERE act.kind = 'reply' AND act.actor_id = read_already.author_id AND act.post_id = read_already.post_id
        )
        AND NOT EXISTS (
            SELECT 1 FROM answering
            WHERE
                act.kind = 'reply'
                AND act.post_id IS NULL
                AND act.actor_id = answering.author_id
                AND act.target_id = answering.target_id
                AND coalesce(act.occurred_at = answering.posted_at, act.occurred_at IS NULL)
        )
),

placed AS MATERIALIZED (
    SELECT
        delivered.actor_id,
        delivered.target_id,
        delivered.kind,
        delivered.occurred_at,
        CASE WHEN named.author_id = delivered.actor_id THEN delivered.post_id ELSE alone.post_id END AS own_id,
        CASE
            WHEN delivered.kind = 'reply' AND named.author_id IS DISTINCT FROM delivered.actor_id
                THEN delivered.post_id
        END AS answers_id
    FROM delivered
    LEFT JOIN posts AS named ON delivered.post_id = named.post_id
    LEFT JOIN alone_in_time AS alone
        ON delivered.actor_id = alone.author_id AND delivered.occurred_at = alone.posted_at
),

addressed AS MATERIALIZED (
    SELECT
        post_id AS act,
        post_id AS own_id,
        author_id,
        posted_at,
        target_id,
        'reply' AS kind,
        reply_to_post_id AS answers_id
    FROM answering
    UNION ALL
    SELECT
        coalesce(own_id, ' ' || actor_id || ' ' || coalesce(CAST(occurred_at AS VARCHAR), kind || ' ' || target_id)),
        own_id,
        actor_id,
        occurred_at,
        target_id,
        kind,
        answers_id
    FROM placed
),

told AS MATERIALIZED (
    SELECT
        act,
        author_id,
        target_id,
        any_value(own_id) AS own_id,
        min(posted_at) AS posted_at,
        max(kind) AS kind, -- a reply that mentions whom it answers is a reply
        max(answers_id) AS answers_id,
        bool_or(kind = 'reply' OR target_id NOT IN (SELECT account_id FROM brands WHERE account_id IS NOT NULL))
            AS is_to_a_person
    FROM addressed
    GROUP BY act, author_id, target_id
),

acts AS MATERIALIZED (
    SELECT act, own_id, author_id, posted_at, target_id, kind, answers_id, is_to_a_person FROM told
    UNION ALL
    SELECT post_id, post_id, author_id, posted_at, NULL, 'post', NULL, FALSE
    FROM written
    WHERE post_id NOT IN (SELECT own_id FROM told WHERE own_id IS NOT NULL)
)

SELECT
    acts.act,
    acts.own_id,
    acts.answers_id,
    author.node AS author,
    target.node AS target,
    acts.kind,
    CAST(epoch(acts.posted_at) AS DOUBLE) AS sent_at,
    acts.is_to_a_person,
    CASE WHEN written.words <> '' THEN hash(written.words) ELSE 0 END AS words
FROM acts
INNER JOIN speakers AS author ON acts.author_id = author.account_id
LEFT JOIN accounts AS target ON acts.target_id = target.account_id
LEFT JOIN written ON acts.own_id = written.post_id
