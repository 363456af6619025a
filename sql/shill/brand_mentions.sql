-- Posts that name a brand, by its keywords or by the handle of its account, with how commercial they look.
-- Words are matched whole. The brand's own posts are left out.
-- From: inputs posts; brand_words; post_classes. Parameter: pattern, a regular expression that finds any first word,
-- '' where there are too many for one. Grain: one row per post and brand.
-- Few posts name a brand: one pass with the expression finds those that may, and only they are taken apart.
WITH possible AS MATERIALIZED (
    SELECT
        post_id,
        author_id,
        lower(text) AS text,
        regexp_extract_all(lower(text), '@?[\p{L}\p{N}_]+') AS words
    FROM posts
    WHERE regexp_matches(lower(text), $pattern) AND EXISTS (SELECT 1 FROM brand_words)
),

spoken AS MATERIALIZED (
    SELECT
        post_id,
        author_id,
        text,
        ' ' || array_to_string(words, ' ') || ' ' AS words,
        unnest(list_distinct(words)) AS first_word
    FROM possible
),

named AS MATERIALIZED (
    SELECT DISTINCT
        spoken.post_id,
        brand_words.brand
    FROM spoken
    INNER JOIN brand_words ON spoken.first_word = brand_words.first_word
    WHERE
        contains(spoken.text, brand_words.word)
        AND contains(spoken.words, brand_words.phrase)
        AND (brand_words.account_id IS NULL OR spoken.author_id <> brand_words.account_id)
)

SELECT
    named.post_id,
    post_classes.author,
    post_classes.day,
    post_classes.posted_at,
    named.brand,
    post_classes.promotion_probability >= 0.5 AS is_promotion,
    -- Whatever an author says about being paid or given something is no hiding, even in a form that local rules
    -- may not accept.
    (post_classes.marker IS NOT NULL OR post_classes.post_class = 'platform_label') AS is_disclosed,
    (SELECT max(day) FROM post_classes) AS observed_until
FROM named
INNER JOIN post_classes ON named.post_id = post_classes.post_id
WHERE post_classes.day IS NOT NULL
ORDER BY named.post_id, named.brand
