-- Makes the macros that turn what a person writes into what the tables hold: names, accounts, audiences, fixed words.
-- From: graph.names, latest_runs. They raise an error that says what to do, never give an empty answer.

CREATE MACRO name_key(written) AS
    nfc_normalize(lower(ltrim(trim(CAST(written AS VARCHAR)), '@')));

-- An exact id wins over an exact handle, and both over a handle in another case. Names shared by several
-- accounts at the same level are an error, because a guess would show the evidence of somebody else.
CREATE MACRO account_of(h) AS (
    SELECT
        CASE
            WHEN len(found.ids) = 1 THEN found.ids[1]
            WHEN found.ids IS NULL THEN error(concat(
                'No account called ', CAST(h AS VARCHAR), ' in this file. Look for it with: FROM find(''',
                replace(ltrim(CAST(h AS VARCHAR), '@'), '''', ''''''), ''')'
            ))
            ELSE error(concat(
                len(found.ids), ' accounts are called ', CAST(h AS VARCHAR), '. Name one by its id, for example ',
                found.ids[1], '. They are listed by: FROM find(''',
                replace(ltrim(CAST(h AS VARCHAR), '@'), '''', ''''''), ''')'
            ))
        END
    FROM (
        SELECT list(DISTINCT closest.account_id) AS ids
        FROM (
            SELECT
                names.account_id,
                CASE
                    WHEN names.account_id = CAST(h AS VARCHAR) THEN 0
                    WHEN ltrim(names.handle, '@') = ltrim(trim(CAST(h AS VARCHAR)), '@') THEN 1
                    ELSE 2
                END AS closeness
            FROM graph.names AS names
            WHERE names.name = name_key(h)
            QUALIFY closeness = min(closeness) OVER ()
        ) AS closest
    ) AS found
);

CREATE MACRO node_of(h) AS (
    SELECT
        CASE
            WHEN found.node IS NOT NULL THEN found.node
            ELSE error(concat(
                'The account ', CAST(h AS VARCHAR), ' is in this file, but not in the part of the graph that it holds.'
            ))
        END
    FROM (
        SELECT max(names.node) AS node
        FROM graph.names AS names
        WHERE names.name = name_key(account_of(h)) AND names.account_id = account_of(h)
    ) AS found
);

CREATE MACRO audience_of(written) AS (
    SELECT
        CASE
            WHEN written IS NULL THEN NULL
            WHEN list_contains(there.audiences, written) THEN written
            WHEN len(there.alike) = 1 THEN there.alike[1]
            ELSE error(concat(
                'No audience called ', written, ' in this file. There is: ',
                coalesce(array_to_string(there.audiences, ', '), 'none')
            ))
        END
    FROM (
        SELECT
            list(latest.audience ORDER BY latest.audience) AS audiences,
            list(latest.audience) FILTER (WHERE lower(latest.audience) = lower(written)) AS alike
        FROM latest_runs AS latest
    ) AS there
);

-- Of a few fixed words the one meant, in any case and with blanks for underscores.
CREATE MACRO choice_of(written, known, what) AS (
    CASE
        WHEN written IS NULL THEN NULL
        WHEN list_contains(known, replace(lower(trim(CAST(written AS VARCHAR))), ' ', '_'))
            THEN replace(lower(trim(CAST(written AS VARCHAR))), ' ', '_')
        ELSE error(concat(
            'No ', what, ' called ', CAST(written AS VARCHAR), '. There is: ',
            coalesce(array_to_string(known, ', '), 'none')
        ))
    END
);
