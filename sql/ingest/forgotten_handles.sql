-- Makes: the handles of forgotten persons that texts mention with an @. Grain: one row per handle, as it is written.
-- From: `texts` (text), `forgotten` (digest), and the variable forgotten_salt.
SELECT DISTINCT mention
FROM (
    SELECT unnest(regexp_extract_all(text, '@([\p{L}\p{N}_.\-]*[\p{L}\p{N}_])', 1)) AS mention
    FROM texts
    WHERE contains(text, '@')
)
WHERE sha256(concat(getvariable('forgotten_salt'), 'handle:', lower(mention))) IN (SELECT digest FROM forgotten)
ORDER BY mention
