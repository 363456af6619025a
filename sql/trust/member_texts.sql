-- What the members of one audience write: how they describe themselves, and the beginnings of their newest posts.
-- Posts that pass on somebody else's words ("RT @...") are not theirs and are left out.
-- From: inputs posts; graph accounts; members (node). Parameters: newest_posts, post_length, bio_length.
-- Grain: one row per member, in the order of the node.
WITH written AS (
    SELECT
        posts.author_id,
        left(posts.text, $post_length) AS text,
        row_number() OVER (PARTITION BY posts.author_id ORDER BY posts.posted_at DESC, posts.post_id) AS newest
    FROM posts
    INNER JOIN accounts ON posts.author_id = accounts.account_id
    WHERE accounts.node IN (SELECT node FROM members) AND NOT starts_with(posts.text, 'RT @')
    QUALIFY newest <= $newest_posts
),

joined AS (
    SELECT
        author_id,
        string_agg(text, chr(10) ORDER BY newest) AS posts
    FROM written
    GROUP BY author_id
)

SELECT
    accounts.node,
    coalesce(accounts.language, '') AS language,
    left(accounts.bio, $bio_length) AS bio,
    joined.posts
FROM accounts
INNER JOIN members ON accounts.node = members.node
LEFT JOIN joined ON accounts.account_id = joined.author_id
ORDER BY accounts.node
