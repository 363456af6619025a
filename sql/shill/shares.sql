-- Who passed on which object, when, and where it comes from: reposts and quotes of a post, and of each own post its
-- first link or else its rarest tag (one post is one object, or one copied post would be many). Tracking parameters
-- of a link go, because they differ from sharer to sharer; a post that passes another on ("RT @...") repeats that
-- one's links and tags and has none of its own. Shorteners hide their targets, so each short link is an object by
-- itself. Tags by which a post says that it is paid for are no object: candour is nothing to share in step.
-- From: inputs interactions, posts; graph accounts. Parameters: most_users (of a tag that counts as rare),
-- disclosures (tags).
-- Grain: one row per account, object and act.
WITH passed_on AS (
    SELECT
        interactions.actor_id AS account_id,
        'post ' || interactions.post_id AS object,
        'account ' || interactions.target_id AS source,
        interactions.occurred_at AS shared_at,
        posts.posted_at AS appeared_at
    FROM interactions
    LEFT JOIN posts ON interactions.post_id = posts.post_id
    WHERE interactions.kind IN ('repost', 'quote') AND interactions.actor_id <> interactions.target_id
),

own_words AS MATERIALIZED (
    SELECT post_id, author_id, posted_at, text
    FROM posts
    WHERE text IS NOT NULL AND NOT starts_with(text, 'RT @')
),

found_links AS (
    SELECT
        post_id,
        author_id,
        posted_at,
        regexp_extract(text, '(?i)https?://[^\s<>"''\)\]]+') AS link
    FROM own_words
    WHERE contains(text, '://')
),

bare_links AS (
    SELECT
        post_id,
        author_id,
        posted_at,
        lower(regexp_extract(link, '(?i)^https?://(?:www\.|m\.)?([^/?#:]+)', 1)) AS host,
        regexp_extract(link, '(?i)^https?://[^/?#]+([^?#]*)', 1) AS path,
        list_sort(list_filter(
            string_split(regexp_extract(link, '\?([^#]*)', 1), '&'),
            lambda part: part <> '' AND NOT regexp_matches(
                part,
                '(?i)^(utm_|mc_|_ga|fbclid|gclid|dclid|yclid|msclkid|twclid|igsh|ref(_|=|$)|si=|spm=|source=)'
            )
        )) AS parts
    FROM found_links
),

links AS MATERIALIZED (
    SELECT
        post_id,
        author_id AS account_id,
        'link ' || host || rtrim(path, '/.,;:!…') || '?' || array_to_string(parts, '&') AS object,
        'host ' || host AS source,
        posted_at AS shared_at
    FROM bare_links
    WHERE contains(host, '.')
),

found_tags AS MATERIALIZED (
    SELECT DISTINCT
        post_id,
        author_id,
        posted_at,
        lower(unnest(regexp_extract_all(text, '[#＃][\p{L}\p{N}\p{M}_]+'))) AS tag
    FROM own_words
    WHERE contains(text, '#') OR contains(text, '＃')
),

rare_tags AS (
    SELECT
        tag,
        count(DISTINCT author_id) AS users
    FROM found_tags
    WHERE NOT list_contains($disclosures::VARCHAR[], replace(tag, '＃', '#'))
    GROUP BY tag
    HAVING users BETWEEN 2 AND $most_users
),

rarest_tags AS (
    SELECT
        found_tags.author_id,
        found_tags.posted_at,
        found_tags.tag
    FROM found_tags
    INNER JOIN rare_tags ON found_tags.tag = rare_tags.tag
    ANTI JOIN links ON found_tags.post_id = links.post_id
    QUALIFY row_number() OVER (PARTITION BY found_tags.post_id ORDER BY rare_tags.users, found_tags.tag) = 1
),

shared AS MATERIALIZED (
    SELECT * FROM passed_on
    UNION ALL
    SELECT account_id, object, source, shared_at, CAST(NULL AS TIMESTAMP) FROM links
    UNION ALL
    SELECT author_id, 'tag ' || tag, CAST(NULL AS VARCHAR), posted_at, CAST(NULL AS TIMESTAMP) FROM rarest_tags
)

SELECT
    accounts.node AS actor,
    shared.object,
    dense_rank() OVER (ORDER BY shared.object) - 1 AS object_number,
    CASE WHEN shared.source IS NULL THEN -1 ELSE dense_rank() OVER (ORDER BY shared.source) - 1 END AS source_number,
    CAST(floor(epoch(shared.shared_at)) AS BIGINT) AS shared_at,
    coalesce(CAST(floor(epoch(shared.appeared_at)) AS BIGINT), -1) AS appeared_at
FROM shared
INNER JOIN accounts ON shared.account_id = accounts.account_id
WHERE shared.shared_at IS NOT NULL AND shared.object IS NOT NULL
ORDER BY object_number, shared_at, actor
