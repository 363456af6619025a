-- Makes the macros that answer questions about partners: the ranking, its evidence, its past and the portfolio.
-- From: ranked_partners, evidence, account_signals, portfolio, partner_rankings, rank_changes, graph.names.
-- Grain: stated in comments_macros.sql. Called as FROM top_partners(5, max_shill := 0.3).

-- What is asked for is looked up once, before any row is judged: a word that there is none of is an error even where
-- another argument leaves no row. Languages and platforms are whatever the data name.
CREATE MACRO top_partners(
    n := 10, in_audience := NULL, min_trust := NULL, max_shill := NULL,
    in_status := NULL, in_tier := NULL, in_language := NULL, in_platform := NULL
) AS TABLE
WITH named AS (
    SELECT
        replace(lower(trim(partners.language)), ' ', '_') AS language,
        replace(lower(trim(partners.platform)), ' ', '_') AS platform
    FROM ranked_partners AS partners
    WHERE in_language IS NOT NULL OR in_platform IS NOT NULL
),

asked AS MATERIALIZED (
    SELECT
        choice_of(in_status, ['recommended', 'watch', 'avoid', 'not_enough_data'], 'status') AS status,
        choice_of(in_tier, ['unknown', 'nano', 'micro', 'mid', 'macro', 'mega'], 'size tier') AS size_tier,
        choice_of(in_language, list(DISTINCT named.language ORDER BY named.language), 'language') AS language,
        choice_of(in_platform, list(DISTINCT named.platform ORDER BY named.platform), 'platform') AS platform
    FROM named
)

SELECT
    partners.audience, partners.rank, partners.rank_low, partners.rank_high,
    partners.handle, partners.account_id, partners.status, partners.score,
    partners.trust, partners.trust_low, partners.trust_high,
    partners.shill_probability, partners.shill_probability_low, partners.shill_probability_high,
    partners.audience_followers, partners.reach_share, partners.lift,
    partners.followers_count, partners.size_tier, partners.is_pick, partners.rank_in_tier
FROM ranked_partners AS partners
CROSS JOIN asked
WHERE (in_audience IS NULL OR partners.audience = audience_of(in_audience))
    AND (min_trust IS NULL OR partners.trust_low >= min_trust)
    AND (max_shill IS NULL OR partners.shill_probability_high <= max_shill)
    AND (in_status IS NULL OR partners.status = asked.status)
    AND (in_tier IS NULL OR partners.size_tier = asked.size_tier)
    AND (in_language IS NULL OR replace(lower(trim(partners.language)), ' ', '_') = asked.language)
    AND (in_platform IS NULL OR replace(lower(trim(partners.platform)), ' ', '_') = asked.platform)
QUALIFY n IS NULL OR row_number() OVER (
    PARTITION BY partners.audience ORDER BY partners.rank NULLS LAST, partners.account_id
) <= n
ORDER BY partners.audience, partners.rank NULLS LAST, partners.account_id;

CREATE MACRO why(h, in_audience := NULL) AS TABLE
SELECT
    reasons.audience, reasons.side, reasons.direction, reasons.signal, reasons.sentence,
    reasons.value, reasons.typical_value, reasons.threshold, reasons.weight, reasons.example_ids
FROM evidence AS reasons
WHERE reasons.account_id = account_of(h)
    AND (in_audience IS NULL OR reasons.audience = audience_of(in_audience))
    AND (reasons.run_id, reasons.audience) IN (SELECT (latest.run_id, latest.audience) FROM latest_runs AS latest)
ORDER BY reasons.audience, reasons.side DESC, abs(reasons.weight) DESC NULLS LAST, reasons.signal;

CREATE MACRO signals_of(h) AS TABLE
SELECT
    signals.signal, signals.value, signals.low, signals.high,
    signals.n AS rests_on, signals.state, signals.flagged
FROM account_signals AS signals
WHERE signals.account_id = account_of(h)
ORDER BY signals.flagged DESC NULLS LAST, signals.state, signals.signal;

CREATE MACRO portfolio_of(in_audience := NULL, in_plan := NULL) AS TABLE
SELECT
    picks.audience, picks.plan, picks.pick, picks.handle, picks.account_id,
    picks.adds, picks.adds_share, picks.cumulative_reach, picks.cumulative_share, picks.bound_share,
    picks.price, picks.cumulative_price, picks.currency, picks.budget,
    picks.backup_handle, picks.backup_account_id
FROM portfolio AS picks
WHERE (in_audience IS NULL OR picks.audience = audience_of(in_audience))
    AND (in_plan IS NULL OR picks.plan = choice_of(in_plan, ['count', 'budget'], 'plan'))
    AND (picks.run_id, picks.audience) IN (SELECT (latest.run_id, latest.audience) FROM latest_runs AS latest)
ORDER BY picks.audience, picks.plan, picks.pick;

CREATE MACRO history(h, in_audience := NULL) AS TABLE
SELECT
    rankings.network, rankings.audience, rankings.as_of, rankings.run_id,
    rankings.rank, rankings.rank_low, rankings.rank_high, rankings.status, rankings.score,
    rankings.trust, rankings.shill_probability, rankings.audience_followers, rankings.followers_count,
    rankings.is_pick, changes.change, changes.cause, changes.cause_change
FROM partner_rankings AS rankings
LEFT JOIN rank_changes AS changes
    ON changes.run_id = rankings.run_id
    AND changes.audience = rankings.audience
    AND changes.account_id = rankings.account_id
WHERE rankings.account_id = account_of(h)
    AND (in_audience IS NULL OR rankings.audience = audience_of(in_audience))
ORDER BY rankings.network, rankings.audience, rankings.as_of, rankings.run_id;

-- The names are folded already; the display names are folded on the way, and only whoever is found is looked up.
CREATE MACRO find(part, n := 50) AS TABLE
WITH hits AS (
    SELECT names.account_id, min(instr(names.name, name_key(part))) AS place, min(length(names.name)) AS extent
    FROM graph.names AS names
    WHERE contains(names.name, name_key(part))
    GROUP BY names.account_id
    UNION ALL
    SELECT accounts.account_id, 100 + instr(nfc_normalize(lower(accounts.display_name)), name_key(part)), 1000
    FROM graph.accounts AS accounts
    WHERE contains(nfc_normalize(lower(accounts.display_name)), name_key(part))
),

nearest AS MATERIALIZED (
    SELECT hits.account_id, min(hits.place) AS place, min(hits.extent) AS extent
    FROM hits
    GROUP BY hits.account_id
),

known AS (
    SELECT names.account_id, any_value(names.handle) AS handle
    FROM graph.names AS names
    WHERE names.account_id IN (SELECT nearest.account_id FROM nearest)
    GROUP BY names.account_id
)

SELECT
    known.handle, nearest.account_id, accounts.display_name, accounts.platform,
    accounts.followers_count, accounts.is_candidate
FROM nearest
JOIN known ON known.account_id = nearest.account_id
LEFT JOIN graph.accounts AS accounts ON accounts.account_id = nearest.account_id
ORDER BY nearest.place, nearest.extent, accounts.followers_count DESC NULLS LAST, nearest.account_id
LIMIT n;
