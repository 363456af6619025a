-- Posts that name a brand, by its keywords or by the handle of its account, with how commercial they look.
-- The brand's own posts are left out.
-- From: inputs posts, brands; graph accounts; post_classes. Grain: one row per post and brand.
WITH words AS (
    SELECT
        brand,
        account_id,
        unnest(list_filter(
            list_transform(regexp_split_to_array(coalesce(keywords, ''), '[,;|]'), lambda word: lower(trim(word))),
            lambda word: length(word) > 2
        )) AS word
    FROM brands
    UNION
    SELECT
        brands.brand,
        brands.account_id,
        '@' || lower(accounts.handle) AS word
    FROM brands
    INNER JOIN accounts ON brands.account_id = accounts.account_id
),

-- One pattern finds the few posts that name any brand; only those are compared with every word.
pattern AS (
    SELECT '(' || string_agg(regexp_escape(word), '|') || ')' AS any_word
    FROM words
),

candidates AS (
    SELECT posts.post_id, posts.author_id, lower(posts.text) AS text
    FROM posts
    CROSS JOIN pattern
    WHERE regexp_matches(lower(posts.text), pattern.any_word)
)

SELECT DISTINCT
    candidates.post_id,
    post_classes.author,
    post_classes.day,
    words.brand,
    post_classes.promotion_probability >= 0.5 AS is_promotion,
    post_classes.post_class IN ('disclosed_paid', 'platform_label') AS is_disclosed,
    (SELECT max(day) FROM post_classes) AS observed_until
FROM candidates
INNER JOIN words ON contains(candidates.text, words.word)
INNER JOIN post_classes ON candidates.post_id = post_classes.post_id
WHERE
    (words.account_id IS NULL OR candidates.author_id <> words.account_id)
    AND post_classes.day IS NOT NULL
ORDER BY candidates.post_id, words.brand
