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
keyed AS (
    SELECT
        words.*,
        regexp_extract(word, '@?[\p{L}\p{N}_]+') AS first_word
    FROM words
),

spoken AS MATERIALIZED (
    SELECT
        post_id,
        author_id,
        lower(text) AS text,
        unnest(list_distinct(regexp_extract_all(lower(text), '@?[\p{L}\p{N}_]+'))) AS first_word
    FROM posts
),

named AS MATERIALIZED (
    SELECT DISTINCT spoken.post_id, keyed.brand
    FROM spoken
    INNER JOIN keyed ON spoken.first_word = keyed.first_word
    WHERE
        contains(spoken.text, keyed.word)
        AND (keyed.account_id IS NULL OR spoken.author_id <> keyed.account_id)
)

SELECT
    named.post_id,
    post_classes.author,
    post_classes.day,
    named.brand,
    post_classes.promotion_probability >= 0.5 AS is_promotion,
    post_classes.post_class IN ('disclosed_paid', 'platform_label') AS is_disclosed,
    (SELECT max(day) FROM post_classes) AS observed_until
FROM spoken
INNER JOIN keyed
    ON
        spoken.first_word = keyed.first_word
        AND regexp_matches(
            spoken.text,
            '(^|[^\p{L}\p{N}_])' || regexp_escape(keyed.word) || '($|[^\p{L}\p{N}_])'
        )
INNER JOIN post_classes ON spoken.post_id = post_classes.post_id
WHERE
    (keyed.account_id IS NULL OR spoken.author_id <> keyed.account_id)
    AND post_classes.day IS NOT NULL
ORDER BY spoken.post_id, keyed.brand
