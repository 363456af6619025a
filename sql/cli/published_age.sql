-- Makes when and by what the file was published, and how much it holds.
-- From: about, ranked_partners. Grain: one row.

SELECT
    about.published_at,
    about.vouch_version,
    (SELECT count(*) FROM ranked_partners) AS candidates,
    (SELECT count(DISTINCT audience) FROM ranked_partners) AS audiences
FROM about
LIMIT 1
