-- Makes the example posts behind the evidence on the cards, with their text.
-- From: carded, evidence, example_posts, ranked_partners. Grain: one row per post; is_candidate says whether its
-- author may be named, as members may not.

SELECT DISTINCT
    posts.post_id,
    posts.author_id AS account_id,
    posts.author_handle AS handle,
    posts.platform,
    posts.posted_at,
    posts.text,
    partners.account_id IS NOT NULL AS is_candidate
FROM evidence
CROSS JOIN unnest(evidence.example_ids[: $posts::BIGINT]) AS examples(post_id)
INNER JOIN example_posts AS posts ON posts.post_id = examples.post_id
LEFT JOIN ranked_partners AS partners
    ON partners.audience = evidence.audience AND partners.account_id = posts.author_id
WHERE
    evidence.audience = $audience
    AND evidence.run_id = $run_id
    AND evidence.account_id IN (SELECT carded.account_id FROM carded)
ORDER BY posts.post_id
