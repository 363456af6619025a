-- The partner candidates of one audience, in their order, with everything the ranking looks at.
-- From: audience chosen, affinity, endorsement, conversation, word_of_mouth, community_homes, community_reach;
-- graph accounts, follower_counts; shill_probability, reviews, impersonation; inputs rates. Parameter: calls_are_known
-- (whether posts have a text that may call for the talk; without one nobody is said to be unprompted).
-- Grain: one row per candidate account, sorted by place.
WITH usual AS (
    -- Of two that are used alike, the first by name, and a named one before none.
    SELECT coalesce(currency, '') AS currency
    FROM rates
    GROUP BY coalesce(currency, '')
    ORDER BY count(*) DESC, coalesce(currency, '') = '', coalesce(currency, '')
    LIMIT 1
),

prices AS (
    -- The cheapest way to book somebody, in the currency that most prices are in: sums over currencies mean nothing.
    SELECT
        account_id,
        min(price) AS price,
        any_value(currency) AS currency
    FROM rates
    WHERE coalesce(currency, '') = (SELECT currency FROM usual)
    GROUP BY account_id
),

other_prices AS (
    -- Of those without such a price, the cheapest way in another currency, the first by name: it enters no sum, but
    -- whoever reads of a missing price must know that there is one.
    SELECT
        account_id,
        min(price) AS other_price,
        any_value(currency) AS other_currency
    FROM rates
    WHERE account_id NOT IN (SELECT account_id FROM prices)
    GROUP BY account_id, coalesce(currency, '')
    QUALIFY row_number() OVER (
        PARTITION BY account_id ORDER BY coalesce(currency, '') = '', coalesce(currency, '')
    ) = 1
)

SELECT
    affinity.*,
    chosen.audience_listeners,
    chosen.audience_listeners_cleaned,
    homes.community,
    accounts.account_id,
    accounts.handle,
    accounts.display_name,
    accounts.platform,
    accounts.language,
    greatest(accounts.followers_count, follower_counts.followers) AS followers_count,
    accounts.followers_count AS claimed_followers,
    coalesce(endorsement.endorsement, 0) AS endorsement,
    coalesce(endorsement.over_follows, 0) AS over_follows,
    coalesce(endorsement.over_interactions, 0) AS over_interactions,
    coalesce(word_of_mouth.voices, 0) AS voices,
    coalesce(word_of_mouth.voices_cleaned, 0) AS voices_cleaned,
    coalesce(word_of_mouth.weeks, 0) AS weeks,
    CASE WHEN $calls_are_known THEN coalesce(word_of_mouth.prompted_voices, 0) END AS prompted_voices,
    word_of_mouth.communities AS voice_communities,
    word_of_mouth.effective_occasions AS voice_occasions,
    conversation.conversation,
    conversation.conversation_low,
    conversation.conversation_high,
    conversation.directed_share,
    conversation.replies_received,
    conversation.replies_answered,
    conversation.answer_rate,
    conversation.answer_rate_low,
    conversation.answer_rate_high,
    conversation.answer_delay_hours,
    conversation.distinct_answer_share,
    conversation.dyads,
    conversation.returning_dyads,
    conversation.shared_community_share,
    conversation.clockwork_share,
    conversation.speakers,
    conversation.output_posts,
    conversation.tone,
    conversation.tone_low,
    conversation.tone_high,
    conversation.tone_coverage,
    conversation.tone_messages,
    community_reach.communities_covered,
    community_reach.bridge_score,
    community_reach.is_bridge,
    community_reach.covered_communities,
    shill.probability AS risk,
    shill.low AS risk_low,
    shill.high AS risk_high,
    shill.measured AS risk_measured,
    shill.n_signals,
    shill.n_kinds,
    reviews.label AS review,
    reviews.reviewed_at,
    impersonation.node IS NOT NULL AS resembles_another,
    prices.price,
    prices.currency,
    other_prices.other_price,
    other_prices.other_currency
FROM chosen
INNER JOIN affinity ON chosen.node = affinity.node
INNER JOIN accounts ON affinity.node = accounts.node
INNER JOIN follower_counts ON affinity.node = follower_counts.node
LEFT JOIN endorsement ON affinity.node = endorsement.node
LEFT JOIN word_of_mouth ON affinity.node = word_of_mouth.node
LEFT JOIN conversation ON affinity.node = conversation.node
LEFT JOIN community_reach ON affinity.node = community_reach.node
LEFT JOIN shill_probability AS shill ON affinity.node = shill.node
LEFT JOIN reviews ON affinity.node = reviews.node AND reviews.is_current
LEFT JOIN impersonation ON affinity.node = impersonation.node AND impersonation.kind = 'resembles'
LEFT JOIN community_homes AS homes ON affinity.node = homes.node
LEFT JOIN prices ON accounts.account_id = prices.account_id
LEFT JOIN other_prices ON accounts.account_id = other_prices.account_id
ORDER BY chosen.place
