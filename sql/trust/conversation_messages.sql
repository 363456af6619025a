-- What members of an audience said to the accounts that it attends to (replies and mentions), and when it was
-- answered first. An answer is a reply to the very message. Where it is not known what a reply answers (and, where
-- there are interactions alone, for mentions as well), the latest message of that member before it, at most
-- $window_seconds old, counts as answered; each such act answers one message.
-- An account's community is its own as a member, else the one whose members follow it most.
-- From: acts (conversation_acts.sql), members, attended, owners (node), community_members, community_candidates; inputs
-- posts. Grain: one row per message and account that it was sent to.
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

loose AS MATERIALIZED (
    SELECT messages.act, messages.account, min(loose_acts.sent_at) AS answered_at
    FROM loose_acts
    ASOF INNER JOIN (SELECT * FROM messages WHERE sent_at IS NOT NULL) AS messages
        ON
            loose_acts.account = messages.account
            AND loose_acts.member = messages.member
            AND loose_acts.sent_at > messages.sent_at
    WHERE loose_acts.sent_at - messages.sent_at <= $window_seconds
    GROUP BY messages.act, messages.account
),

homes AS MATERIALIZED (
    SELECT node, community FROM community_members WHERE community >= 0
    UNION ALL
    SELECT node, first(community ORDER BY share DESC, community) AS community
    FROM community_candidates
    WHERE followers >= $community_followers AND node NOT IN (SELECT node FROM community_members)
    GROUP BY node
)

SELECT
    messages.account,
    messages.member,
    messages.sent_at,
    exact.act IS NOT NULL OR loose.act IS NOT NULL AS is_answered,
    least(exact.answered_at, loose.answered_at) AS answered_at,
    CAST(home.community = own.community AS DOUBLE) AS shares_community,
    posts.text
FROM messages
LEFT JOIN posts ON messages.own_id = posts.post_id
LEFT JOIN exact ON messages.act = exact.act AND messages.account = exact.account
LEFT JOIN loose ON messages.act = loose.act AND messages.account = loose.account
LEFT JOIN homes AS home ON messages.account = home.node
LEFT JOIN homes AS own ON messages.member = own.node
ORDER BY messages.account, messages.sent_at, messages.act
