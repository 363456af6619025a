-- Makes the macros that answer questions about an audience: its members, the groups inside it, who joins them, who
-- speaks for a brand, and what moves over the runs.
-- From: audience_members, communities, community_voices, ranked_partners, advocates, momentum, latest_runs.
-- Grain: stated in comments_macros.sql. Called as FROM communities_of('runners').

CREATE MACRO members_of(in_audience := NULL) AS TABLE
SELECT
    members.audience, members.handle, members.account_id, members.weight, members.reason,
    members.stated_weight, members.attention_factor, members.profile_factor, members.lockstep_factor,
    members.community, groups.name AS community_name
FROM audience_members AS members
LEFT JOIN communities AS groups
    ON groups.run_id = members.run_id AND groups.audience = members.audience
    AND groups.community = members.community
WHERE (in_audience IS NULL OR members.audience = audience_of(in_audience))
    AND (members.run_id, members.audience) IN (SELECT (latest.run_id, latest.audience) FROM latest_runs AS latest)
ORDER BY members.audience, members.weight NULLS LAST, members.account_id;

CREATE MACRO communities_of(in_audience := NULL) AS TABLE
SELECT
    groups.audience, groups.community, groups.name, groups.members, groups.members_cleaned,
    groups.terms, groups.top_voices, hidden.voices AS hidden_voices,
    groups.stability, groups.internal_share, groups.is_small
FROM communities AS groups
LEFT JOIN (
    SELECT
        voices.run_id, voices.audience, voices.community,
        list(coalesce(voices.handle, voices.account_id) ORDER BY voices.position, voices.account_id) AS voices
    FROM community_voices AS voices
    LEFT JOIN ranked_partners AS partners
        ON partners.run_id = voices.run_id AND partners.audience = voices.audience
        AND partners.account_id = voices.account_id
    WHERE voices.is_hidden_by_the_list AND partners.status IS DISTINCT FROM 'avoid'
    GROUP BY voices.run_id, voices.audience, voices.community
) AS hidden
    ON hidden.run_id = groups.run_id AND hidden.audience = groups.audience AND hidden.community = groups.community
WHERE (in_audience IS NULL OR groups.audience = audience_of(in_audience))
    AND (groups.run_id, groups.audience) IN (SELECT (latest.run_id, latest.audience) FROM latest_runs AS latest)
ORDER BY groups.audience, groups.community < 0, groups.members DESC NULLS LAST, groups.community;

CREATE MACRO bridge_voices(in_audience := NULL, n := 20) AS TABLE
SELECT
    partners.audience, partners.handle, partners.account_id, partners.bridge_score, partners.communities_covered,
    trusted.groups AS trusted_by, partners.rank, partners.status, partners.reach_share, partners.size_tier
FROM ranked_partners AS partners
LEFT JOIN (
    SELECT
        covers.run_id, covers.audience, covers.account_id,
        list(coalesce(groups.name, CAST(covers.community AS VARCHAR)) ORDER BY covers.community) AS groups
    FROM (
        SELECT joining.run_id, joining.audience, joining.account_id, unnest(joining.covered_communities) AS community
        FROM ranked_partners AS joining
        WHERE joining.is_bridge
    ) AS covers
    LEFT JOIN communities AS groups
        ON groups.run_id = covers.run_id AND groups.audience = covers.audience
        AND groups.community = covers.community
    GROUP BY covers.run_id, covers.audience, covers.account_id
) AS trusted
    ON trusted.run_id = partners.run_id AND trusted.audience = partners.audience
    AND trusted.account_id = partners.account_id
WHERE partners.is_bridge AND partners.status IS DISTINCT FROM 'avoid'
    AND (in_audience IS NULL OR partners.audience = audience_of(in_audience))
QUALIFY n IS NULL OR row_number() OVER (
    PARTITION BY partners.audience ORDER BY partners.bridge_score DESC NULLS LAST, partners.account_id
) <= n
ORDER BY partners.audience, partners.bridge_score DESC NULLS LAST, partners.account_id;

CREATE MACRO advocates_of(in_audience := NULL, of_brand := NULL) AS TABLE
SELECT
    speakers.audience, speakers.brand, speakers.handle, speakers.account_id, speakers.first_at, speakers.last_at,
    speakers.posts, speakers.weeks, speakers.is_before_paid, speakers.first_paid_at, speakers.is_member,
    speakers.is_candidate, partners.rank, partners.status, speakers.example_post_ids
FROM advocates AS speakers
LEFT JOIN ranked_partners AS partners
    ON partners.run_id = speakers.run_id AND partners.audience = speakers.audience
    AND partners.account_id = speakers.account_id
WHERE (in_audience IS NULL OR speakers.audience = audience_of(in_audience))
    AND (of_brand IS NULL OR name_key(speakers.brand) = name_key(of_brand))
    AND (speakers.run_id, speakers.audience) IN (SELECT (latest.run_id, latest.audience) FROM latest_runs AS latest)
ORDER BY
    speakers.audience, speakers.brand, speakers.is_before_paid DESC NULLS LAST, speakers.weeks DESC NULLS LAST,
    speakers.first_at, speakers.account_id;

CREATE MACRO momentum_of(h, in_audience := NULL) AS TABLE
SELECT
    trends.audience, trends.quantity, trends.direction, trends.change_per_30_days, trends.change_low,
    trends.change_high, trends.z, trends.runs, trends.first_as_of, trends.last_as_of, trends.decayed_mean
FROM momentum AS trends
WHERE trends.account_id = account_of(h)
    AND (in_audience IS NULL OR trends.audience = audience_of(in_audience))
    AND (trends.run_id, trends.audience) IN (SELECT (latest.run_id, latest.audience) FROM latest_runs AS latest)
ORDER BY trends.audience, trends.quantity;
