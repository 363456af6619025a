-- Makes how many candidates of one audience have each status.
-- From: ranked_partners.
-- Grain: one row per status, the most frequent first.

SELECT status, count(*) AS candidates
FROM ranked_partners
WHERE audience = $audience
GROUP BY status
ORDER BY candidates DESC, status
