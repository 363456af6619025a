-- Makes help(): every macro of the file, what it answers, and an example that runs as it stands.
-- From: ranked_partners and graph.names, for two accounts to put into the examples (the best ranked ones that
-- the graph knows; by id where the handle is not theirs alone). Grain: one row per macro.

CREATE MACRO help() AS TABLE
WITH examples AS MATERIALIZED (
    SELECT
        CASE
            WHEN (
                SELECT count(DISTINCT same.account_id) = 1
                FROM graph.names AS same
                WHERE same.name = name_key(known.handle)
            ) THEN '@' || ltrim(known.handle, '@')
            ELSE known.account_id
        END AS written,
        row_number() OVER (ORDER BY best.rank NULLS LAST, best.account_id) AS place
    FROM (
        SELECT partners.account_id, min(partners.rank) AS rank
        FROM ranked_partners AS partners
        GROUP BY partners.account_id
    ) AS best
    JOIN graph.names AS known
        ON known.account_id = best.account_id AND known.name = name_key(best.account_id)
    WHERE known.node IS NOT NULL
    QUALIFY place <= 2
),

quoted AS (
    SELECT
        coalesce(max(replace(written, '''', '''''')) FILTER (WHERE place = 1), '@handle') AS one,
        coalesce(max(replace(written, '''', '''''')) FILTER (WHERE place = 2),
                 max(replace(written, '''', '''''')), '@handle') AS two,
        -- written as an argument; nothing where there is no audience yet
        (
            SELECT coalesce('''' || replace(min(latest.audience), '''', '''''') || '''', '')
            FROM latest_runs AS latest
        ) AS audience
    FROM examples
)

SELECT entries.macro, entries.answers, entries.example
FROM quoted, LATERAL (
    VALUES
        (1, 'top_partners', 'Who are the best partners?',
         'FROM top_partners(5, max_shill := 0.5)'),
        (2, 'why', 'What speaks for and against this account?',
         'FROM why(''' || quoted.one || ''')'),
        (3, 'portfolio_of', 'Which few together reach the most?',
         'FROM portfolio_of(' || quoted.audience || ')'),
        (4, 'history', 'How did this account rank in every run?',
         'FROM history(''' || quoted.one || ''')'),
        (5, 'signals_of', 'Which signals were measured on this account, which could not be?',
         'FROM signals_of(''' || quoted.one || ''')'),
        (6, 'find', 'What is that account called?',
         'FROM find(''run'')'),
        (7, 'neighbours', 'Who is one, two or three follows away?',
         'FROM neighbours(''' || quoted.one || ''', hops := 2) LIMIT 20'),
        (8, 'similar_to', 'Whose followers are the same people?',
         'FROM similar_to(''' || quoted.one || ''', n := 5)'),
        (9, 'shared_followers', 'Who follows both?',
         'FROM shared_followers(''' || quoted.one || ''', ''' || quoted.two || ''')'),
        (10, 'between_two', 'Over whom are these two connected?',
         'FROM between_two(''' || quoted.one || ''', ''' || quoted.two || ''')'),
        (11, 'ego', 'Who follows whom around this account?',
         'FROM ego(''' || quoted.one || ''', n := 20)'),
        (12, 'communities_of', 'Which groups are there inside the audience, and whom do they trust?',
         'FROM communities_of(' || quoted.audience || ')'),
        (13, 'bridge_voices', 'Who is trusted by groups that otherwise listen to different people?',
         'FROM bridge_voices(' || quoted.audience || ')'),
        (14, 'advocates_of', 'Who names the brand unpaid, of their own accord, and since when?',
         'FROM advocates_of(' || quoted.audience || ')'),
        (15, 'momentum_of', 'What rises and falls for this account over the runs?',
         'FROM momentum_of(''' || quoted.one || ''')'),
        (16, 'members_of', 'How much does each member of the audience count, and why?',
         'FROM members_of(' || quoted.audience || ') LIMIT 20'),
        (17, 'account_of', 'Which account id belongs to this name?',
         'SELECT account_of(''' || quoted.one || ''')'),
        (18, 'node_of', 'Which node of the graph is this account?',
         'SELECT node_of(''' || quoted.one || ''')'),
        (19, 'audience_of', 'How does this file write the name of this audience?',
         'SELECT audience_of(' || coalesce(nullif(quoted.audience, ''), 'NULL') || ')'),
        (20, 'name_key', 'In which form are names compared?',
         'SELECT name_key(''@Ana.Lopes'')'),
        (21, 'choice_of', 'Which of a few fixed words is meant?',
         'SELECT choice_of(''Not enough data'', [''recommended'', ''not_enough_data''], ''status'')'),
        (22, 'help', 'What can I ask?', 'FROM help()')
) AS entries(place, macro, answers, example)
ORDER BY entries.place;
