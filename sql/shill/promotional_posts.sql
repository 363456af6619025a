-- Posts that read like promotion and say nothing about being paid, given or the author's own: what may be a copy.
-- Passing on somebody else's words, whole quotations included, is no copying.
-- From: inputs posts; post_classes. Grain: one row per post, by author and time.
SELECT
    post_classes.post_id,
    post_classes.author,
    CAST(floor(epoch(post_classes.posted_at)) AS BIGINT) AS second,
    posts.text,
    posts.reply_to_post_id IS NOT NULL AS is_answer,
    list_has_any(post_classes.commercial_signals, ['discount_code', 'affiliate_link', 'code_shape']) AS shows_gain
FROM post_classes
INNER JOIN posts ON post_classes.post_id = posts.post_id
WHERE
    post_classes.promotion_probability >= $promotional_from
    AND post_classes.marker IS NULL
    AND post_classes.post_class NOT IN ('platform_label', 'own_brand')
    AND post_classes.posted_at IS NOT NULL
    AND NOT regexp_matches(posts.text, '^\s*(RT @|[“„«"].*[”“»"]\s*$)')
ORDER BY post_classes.author, post_classes.posted_at, post_classes.post_id
