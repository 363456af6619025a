-- Makes runs to complete what a person has begun to type: ids and days.
-- From: runs. Grain: one row per run id or day, the newest first, at most $most.

WITH names AS (
    SELECT run_id AS name, concat('as of ', as_of) AS about, as_of FROM runs
    UNION
    SELECT strftime(as_of, '%Y-%m-%d') AS name, 'the newest run of that day' AS about, as_of FROM runs
)

SELECT name, about
FROM names
WHERE starts_with(lower(name), lower($begun))
ORDER BY as_of DESC NULLS LAST, name DESC
LIMIT $most::BIGINT
