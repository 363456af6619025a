-- What members of an audience said to the accounts that it attends to (replies and mentions), and when it was
-- answered first. An answer is a reply to the very message. Where it is not known what a reply answers (and, where
-- there are interactions alone, for mentions as well), the latest message of that member before it, at most
-- $window_seconds old, counts as answered; each such act answers one message. Messages whose answer is known take no
-- other one, and of several in one second the first by its id does.
-- From: acts (conversation_acts.sql), members, attended, owners (node), community_homes; inputs posts.
-- Grain: one row per message and account that it was sent to.
WITH messages AS MATERIALIZED (
    SELECT act, own_id, author AS member, target AS account, sent_at
    FROM acts
    WHERE
        kind IN ('reply', 'mention')
        AND target IS NOT NULL
        AND author IN (SELECT node FROM members)
        AND (target IN (SELECT node FROM attended) OR target IN (SELECT node FROM owners))
),

exact AS MATERIALIZED (
    SELECT messages.act, messages.account, min(answer.sent_at) AS answered_at
    FROM messages
    INNER JOIN acts AS answer
        ON messages.own_id = answer.answers_id AND messages.account = answer.author AND answer.kind = 'reply'
    GROUP BY messages.act, messages.account
),

loose_acts AS MATERIALIZED (
    SELECT author AS account, target AS member, sent_at
    FROM acts
    WHERE
        sent_at IS NOT NULL
        AND target IN (SELECT node FROM members)
        AND (kind = 'reply' OR (kind = 'mention' AND $mentions_answer))
        AND (answers_id IS NULL OR answers_id NOT IN (SELECT own_id FROM acts WHERE own_id IS NOT NULL))
),

-- The join below takes any one of rows that are alike in time, so there may be only one.
open_messages AS MATERIALIZED (
    SELECT messages.account, messages.member, messages.sent_at, min(messages.act) AS act
    FROM messages
    LEFT JOIN exact ON messages.act = exact.act AND messages.account = exact.account
    WHERE exact.act IS NULL AND messages.sent_at IS NOT NULL
    GROUP BY messages.account, messages.member, messages.sent_at
),

loose AS MATERIALIZED (
    SELECT open_messages.act, open_messages.account, min(loose_acts.sent_at) AS answered_at
    FROM loose_acts
    ASOF INNER JOIN open_messages
        ON
            loose_acts.account = open_messages.account
            AND loose_acts.member = open_messages.member
            AND loose_acts.sent_at > open_messages.sent_at
    WHERE loose_acts.sent_at - open_messages.sent_at <= $window_seconds
    GROUP BY open_messages.act, open_messages.account
)

SELECT
    messages.account,
    messages.member,
    messages.sent_at,
    exact.act IS NOT NULL OR loose.act IS NOT NULL AS is_answered,
    coalesce(exact.answered_at, loose.answered_at) AS answered_at,
    CAST(home.community = own.community AS DOUBLE) AS shares_community,
    posts.text
FROM messages
LEFT JOIN posts ON messages.own_id = posts.post_id
LEFT JOIN exact ON messages.act = exact.act AND messages.account = exact.account
LEFT JOIN loose ON messages.act = loose.act AND messages.account = loose.account
LEFT JOIN community_homes AS home ON messages.account = home.node
LEFT JOIN community_homes AS own ON messages.member = own.node
ORDER BY messages.account, messages.sent_at, messages.act
