-- How much of the network the data show, as figures with a sentence each.
-- From: graph accounts, follower_counts, profiles; signals by node; inputs balance; shown_follows (kind, shown, there: how
-- many of the follows that touch members and candidates are published, one row per kind); lockstep_search (what the
-- search for lockstep could not promise, one row or none). Parameters: network, day.
-- Grain: one row per subject and measure.
WITH listed AS (
    SELECT
        'accounts' AS subject,
        'listed_share' AS measure,
        avg(CAST(is_listed AS DOUBLE)) AS value,
        count(*) AS n,
        'of all accounts that any table speaks of are in the accounts table.' AS says
    FROM accounts
),

claimed AS (
    SELECT
        'follows' AS subject,
        'delivered_share_of_claimed' AS measure,
        sum(follower_counts.followers) / nullif(sum(accounts.followers_count), 0) AS value,
        count(*) AS n,
        'of the followers that profiles claim are in the data; the rest was not delivered.' AS says
    FROM accounts
    INNER JOIN follower_counts ON accounts.node = follower_counts.node
    WHERE accounts.followers_count > 0
),

private AS (
    SELECT
        'accounts' AS subject,
        'private_share' AS measure,
        avg(CAST(is_private AS DOUBLE)) AS value,
        count(is_private) AS n,
        'of the accounts whose setting is known are private.' AS says
    FROM accounts
),

profiled AS (
    SELECT
        'profiles' AS subject,
        'profiled_share' AS measure,
        avg(CAST(profile_type <> 'unknown' AS DOUBLE)) AS value,
        count(*) AS n,
        'of the accounts show enough of a profile to tell its type.' AS says
    FROM profiles
),

measured AS (
    SELECT
        'signals' AS subject,
        signal || '_measured_share' AS measure,
        avg(CAST(state = 'measured' AS DOUBLE)) AS value,
        count(*) AS n,
        'of the accounts have enough data for ' || replace(signal, '_', ' ') || '.' AS says
    FROM signals
    GROUP BY signal
),

refused AS (
    SELECT
        'rows' AS subject,
        table_name || '_rejected_share' AS measure,
        rows_rejected / nullif(rows_in, 0) AS value,
        rows_in AS n,
        'of the rows of ' || table_name || ' were refused.' AS says
    FROM balance
),

published AS (
    -- Only where some are left out: all is what a reader expects.
    SELECT
        'follows' AS subject,
        'published_share_' || kind AS measure,
        shown / nullif(there, 0) AS value,
        there AS n,
        CASE kind
            WHEN 'of_candidates'
                THEN 'of the follows between candidates and members are in the graph of this file: all of some members.'
            WHEN 'between_members'
                THEN 'of the follows between members are in the graph of this file: all among some members.'
            ELSE
                'of the follows between members or candidates and others are in the graph of this file: all of some others.'
        END AS says
    FROM shown_follows
    WHERE shown < there
),

searched AS (
    -- Only where the network is too large to begin from as many accounts as its size asks for.
    SELECT
        'signals' AS subject,
        'lockstep_start_share' AS measure,
        starts / nullif(accounts, 0) AS value,
        accounts AS n,
        'of the accounts with followers were begun from in the search for lockstep: groups that follow fewer than '
        || surely_met_from || ' accounts together may have been missed'
        || CASE WHEN is_compared THEN '.' ELSE ', and none was compared with a network dealt out anew.' END AS says
    FROM lockstep_search
),

together AS (
    SELECT * FROM listed
    UNION ALL SELECT * FROM claimed
    UNION ALL SELECT * FROM private
    UNION ALL SELECT * FROM profiled
    UNION ALL SELECT * FROM measured
    UNION ALL SELECT * FROM refused
    UNION ALL SELECT * FROM published
    UNION ALL SELECT * FROM searched
)

SELECT
    CAST($network AS VARCHAR) AS network,
    CAST($day AS DATE) AS as_of,
    subject,
    measure,
    value,
    n,
    CASE WHEN value IS NULL THEN 'Not known: no such data.' ELSE round(100 * value, 1) || ' % ' || says END AS sentence
FROM together
ORDER BY subject, measure
