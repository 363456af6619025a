-- Words and phrases by which a post names a brand: its keywords of more than two characters and the handle of its
-- account. phrase holds its words between blanks, so that a phrase ends where a word does; first_word is the one to
-- look for first. What holds no letter and no digit names nothing.
-- From: inputs brands; graph accounts. Grain: one row per brand and word.
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
)

SELECT
    brand,
    account_id,
    word,
    regexp_extract(word, '@?[\p{L}\p{N}_]+') AS first_word,
    ' ' || array_to_string(regexp_extract_all(word, '@?[\p{L}\p{N}_]+'), ' ') || ' ' AS phrase
FROM words
WHERE regexp_matches(word, '[\p{L}\p{N}_]')
ORDER BY brand, word
