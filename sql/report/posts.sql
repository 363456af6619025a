-- Makes the example posts behind the evidence on the cards, with their text.
-- From: carded, evidence, example_posts, ranked_partners. Grain: one row per post; is_candidate says whether its
-- author may be named, as members may not.

WITH named AS (
    SELECT DISTINCT unnest(example_ids[: $posts::BIGINT]) AS post_id
    FROM evidence
    WHERE
        audience = $audience
        AND run_id = $run_id
        AND account_id IN (SELECT carded.account_id FROM carded)
)

SELECT
    posts.post_id,
    posts.author_id AS account_id,
    posts.author_handle AS handle,
    posts.platform,
    posts.posted_at,
    posts.text,
    partners.account_id IS NOT NULL AS is_candidate
FROM named
INNER JOIN example_posts AS posts ON posts.post_id = named.post_id
LEFT JOIN ranked_partners AS partners
    ON partners.audience = $audience AND partners.account_id = posts.author_id
ORDER BY posts.post_id
