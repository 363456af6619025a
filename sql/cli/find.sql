-- Makes the accounts in whose handle, name, id or bio a text stands, in any case and with or without accents; the
-- closest first. From: graph.accounts, bios, ranked_partners. Grain: one row per account, at most $most; found_in_all
-- counts them all. Rank and status are those of $audience or, where it is NULL, of the largest that ranks the account.

WITH ranked AS (
    SELECT *
    FROM ranked_partners
    WHERE $audience::VARCHAR IS NULL OR audience = $audience::VARCHAR
    QUALIFY row_number() OVER (PARTITION BY account_id ORDER BY audience_size DESC NULLS LAST, audience) = 1
),

known AS (
    SELECT account_id, handle, display_name, platform, followers_count, is_in_audience FROM graph.accounts
    UNION ALL
    SELECT DISTINCT ON (account_id) account_id, handle, display_name, platform, followers_count, NULL
    FROM ranked_partners
    WHERE account_id NOT IN (SELECT accounts.account_id FROM graph.accounts AS accounts)
),

folded AS (
    SELECT
        known.*,
        bios.bio,
        strip_accents(name_key($part)) AS part,
        strip_accents(name_key(known.account_id)) AS id_key,
        strip_accents(name_key(known.handle)) AS handle_key,
        strip_accents(name_key(known.display_name)) AS name_text,
        strip_accents(lower(bios.bio)) AS bio_text
    FROM known
    LEFT JOIN bios ON bios.account_id = known.account_id
),

matched AS (
    SELECT
        *,
        CASE
            WHEN id_key = part THEN 0
            WHEN handle_key = part THEN 1
            WHEN starts_with(handle_key, part) THEN 2
            WHEN contains(handle_key, part) THEN 3
            WHEN contains(name_text, part) THEN 4
            WHEN contains(bio_text, part) THEN 5
            WHEN contains(id_key, part) THEN 6
        END AS closeness
    FROM folded
)

SELECT
    matched.account_id,
    matched.handle,
    matched.display_name,
    CASE matched.closeness WHEN 4 THEN 'name' WHEN 5 THEN 'bio' WHEN 0 THEN 'id' WHEN 6 THEN 'id' ELSE 'handle' END
        AS found_in,
    matched.bio,
    matched.platform,
    matched.followers_count,
    matched.is_in_audience,
    ranked.audience,
    ranked.rank,
    ranked.status,
    ranked.status_reason,
    count(*) OVER () AS found_in_all
FROM matched
LEFT JOIN ranked ON ranked.account_id = matched.account_id
WHERE matched.closeness IS NOT NULL
ORDER BY
    matched.closeness,
    ranked.rank NULLS LAST,
    matched.followers_count DESC NULLS LAST,
    matched.account_id
LIMIT $most::BIGINT
