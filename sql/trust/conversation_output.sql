-- What each account that an audience attends to sent out itself, and whether it went to one person or a small group:
-- a reply, or an act that names one to $small_group accounts of people.
-- From: acts (conversation_acts.sql), attended (node), owners (node). Grain: one row per act.
SELECT
    author AS account,
    any_value(sent_at) AS sent_at,
    bool_or(kind = 'reply') OR count(*) FILTER (WHERE is_to_a_person) BETWEEN 1 AND $small_group AS is_directed,
    any_value(words) AS words
FROM acts
WHERE author IN (SELECT node FROM attended) OR author IN (SELECT node FROM owners)
GROUP BY author, act
ORDER BY author, sent_at, act
