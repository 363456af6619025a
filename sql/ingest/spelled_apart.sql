-- Makes: how many names stand at several ids that differ in a leading @ or in letter case alone, at how many ids, and
-- the first of them with two of its ids. Grain: one row.
-- From: `known_ids` (account_id). Of two such ids at least one has an @ or a capital letter, and most networks of
-- numbers have neither, so that only those are compared with the rest.
WITH marked AS (
    SELECT DISTINCT
        account_id,
        lower(ltrim(account_id, '@')) AS spelled
    FROM known_ids
    WHERE regexp_matches(account_id, '^@|\p{Lu}')
),

written AS (
    SELECT
        spelled,
        account_id
    FROM marked
    UNION
    SELECT
        account_id AS spelled,
        account_id
    FROM known_ids
    WHERE account_id IN (SELECT spelled FROM marked)
),

apart AS (
    SELECT
        spelled,
        count(*) AS ids,
        min(account_id) AS one,
        max(account_id) AS other
    FROM written
    GROUP BY spelled
    HAVING count(*) > 1
)

SELECT
    count(*) AS names,
    CAST(coalesce(sum(ids), 0) AS BIGINT) AS ids,
    arg_min(one, spelled) AS one,
    arg_min(other, spelled) AS other
FROM apart
