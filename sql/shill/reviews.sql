-- Every review of an account and whether it stands: of reviewers' decisions the newest, unless it withdraws, and
-- else what the delivered labels agree on. Where those contradict each other and nobody decided, none stands.
-- From: inputs labels; decisions of the home (entry, account_id, handle, label, because, reviewer, reviewed_at); graph accounts.
-- Grain: one row per decision and per delivered label; at most one per account is_current.
WITH newest AS (
    SELECT
        account_id,
        arg_max(entry, (reviewed_at, entry)) AS entry,
        arg_max(label, (reviewed_at, entry)) <> 'withdrawn' AS stands
    FROM decisions
    GROUP BY account_id
),

agreed AS (
    -- One of the rows that say the same, so that an account stands once.
    SELECT
        account_id,
        min(coalesce(source, '')) AS source
    FROM labels
    GROUP BY account_id
    HAVING count(DISTINCT label) = 1
),

found AS (
    SELECT
        decisions.account_id,
        decisions.handle,
        decisions.label,
        decisions.reviewer,
        decisions.because,
        decisions.reviewed_at,
        newest.stands AND newest.entry = decisions.entry AS is_current,
        'review' AS source,
        decisions.entry
    FROM decisions
    INNER JOIN newest ON decisions.account_id = newest.account_id
    UNION ALL
    SELECT
        labels.account_id,
        NULL,
        labels.label,
        labels.source,
        NULL,
        NULL,
        agreed.source IS NOT NULL AND agreed.source = coalesce(labels.source, '') AND NOT coalesce(newest.stands, FALSE),
        'table',
        NULL
    FROM labels
    LEFT JOIN agreed ON labels.account_id = agreed.account_id
    LEFT JOIN newest ON labels.account_id = newest.account_id
)

SELECT
    accounts.node,
    found.account_id,
    coalesce(accounts.handle, found.handle) AS handle,
    found.label,
    found.reviewer,
    found.because,
    found.reviewed_at,
    found.is_current,
    found.source
FROM found
LEFT JOIN accounts ON found.account_id = accounts.account_id
ORDER BY found.account_id, found.source, found.reviewed_at, found.entry, found.reviewer
