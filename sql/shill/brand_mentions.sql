-- Posts that name a brand, by its keywords or by the handle of its account, with how commercial they look.
-- Words are matched whole. The brand's own posts are left out.
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

-- A hash join on the first word finds the few posts to look at; a phrase is then searched in those alone.
keyed AS MATERIALIZED (
    SELECT
        words.*,
        regexp_extract(word, '@?[\p{L}\p{N}_]+') AS first_word
    FROM words
),

spoken AS MATERIALIZED (
    SELECT
        post_id,
        unnest(list_distinct(regexp_extract_all(lower(text), '@?[\p{L}\p{N}_]+'))) AS first_word
    FROM posts
),

met AS MATERIALIZED (
    SELECT
        posts.post_id,
        posts.author_id,
        lower(posts.text) AS text,
        keyed.brand,
        keyed.account_id,
        keyed.word
    FROM spoken
    INNER JOIN keyed ON spoken.first_word = keyed.first_word
    INNER JOIN posts ON spoken.post_id = posts.post_id
),

named AS MATERIALIZED (
    SELECT DISTINCT
        post_id,
        brand
    FROM met
    WHERE
        contains(text, word)
        -- Between blanks, so that a phrase ends where a word does.
        AND contains(
            ' ' || array_to_string(regexp_extract_all(text, '@?[\p{L}\p{N}_]+'), ' ') || ' ',
            ' ' || array_to_string(regexp_extract_all(word, '@?[\p{L}\p{N}_]+'), ' ') || ' '
        )
        AND (account_id IS NULL OR author_id <> account_id)
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
