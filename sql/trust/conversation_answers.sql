-- What accounts wrote to those who had spoken to them, the latest $most of each account.
-- From: acts (conversation_acts.sql), members, attended, owners (node); inputs posts.
-- Grain: one row per answer that has a text.
WITH answers AS (
    SELECT
        answer.author AS account,
        answer.own_id AS post_id,
        any_value(posts.text) AS text,
        any_value(answer.sent_at) AS sent_at,
        bool_or(spoken.author IN (SELECT node FROM members)) AS is_to_member
    FROM acts AS answer
    INNER JOIN acts AS spoken ON answer.answers_id = spoken.own_id AND answer.author = spoken.target
    INNER JOIN posts ON answer.own_id = posts.post_id
    WHERE
        answer.kind = 'reply'
        AND posts.text IS NOT NULL
        AND (answer.author IN (SELECT node FROM attended) OR answer.author IN (SELECT node FROM owners))
    GROUP BY answer.author, answer.own_id
)

SELECT *
FROM answers
QUALIFY row_number() OVER (PARTITION BY account ORDER BY sent_at DESC, post_id) <= $most
ORDER BY account, sent_at DESC, post_id
