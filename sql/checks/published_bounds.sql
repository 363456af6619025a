-- Selects figures of the published file that cannot be: shares and probabilities outside 0 to 1, intervals whose
-- lower end lies above the upper one, words outside their list.
-- From: partner_rankings, account_signals, evidence, portfolio, audience_overlap, community_voices.
-- Grain: one row per key × broken rule; none is good. A billionth is allowed for rounding.

WITH ranked AS (
    SELECT concat_ws(' / ', run_id, audience, account_id) AS subject, * EXCLUDE (run_id, audience)
    FROM partner_rankings
),

shares AS (
    UNPIVOT (
        SELECT
            subject, score, reach_share, reach_share_low, reach_share_high, reach_share_cleaned, baseline_share,
            trust, trust_low, trust_high, endorsement_part, affinity_part, word_of_mouth_part,
            authenticity_part, shill_probability, shill_probability_low, shill_probability_high
        FROM ranked
    ) ON * EXCLUDE (subject) INTO NAME figure VALUE share
)

SELECT 'partner_rankings' AS table_name, subject, concat(figure, ' = ', share, ', not from 0 to 1') AS problem
FROM shares
WHERE share NOT BETWEEN -1e-9 AND 1 + 1e-9
UNION ALL
SELECT 'partner_rankings', subject, 'lower end above the upper end'
FROM ranked
WHERE rank_low > rank_high
    OR reach_share_low > reach_share_high + 1e-9
    OR lift_low > lift_high + 1e-9
    OR trust_low > trust_high + 1e-9
    OR shill_probability_low > shill_probability_high + 1e-9
UNION ALL
SELECT 'partner_rankings', subject, concat('status ', status)
FROM ranked
WHERE status NOT IN ('recommended', 'watch', 'avoid', 'not_enough_data')
UNION ALL
SELECT 'evidence', concat_ws(' / ', run_id, audience, account_id, signal), concat('side ', side, ', direction ', direction)
FROM evidence
WHERE coalesce(side, '') NOT IN ('trust', 'shill') OR coalesce(direction, '') NOT IN ('for', 'against', 'neutral', 'unknown')
UNION ALL
SELECT 'account_signals', concat_ws(' / ', account_id, signal), concat('state ', state)
FROM account_signals
WHERE state NOT IN ('measured', 'not_enough_data')
UNION ALL
SELECT 'account_signals', concat_ws(' / ', account_id, signal), 'lower end above the upper end'
FROM account_signals
WHERE low > high + 1e-9
UNION ALL
SELECT 'portfolio', concat_ws(' / ', run_id, audience, plan, pick), 'share not from 0 to 1'
FROM portfolio
WHERE adds_share NOT BETWEEN -1e-9 AND 1 + 1e-9 OR cumulative_share NOT BETWEEN -1e-9 AND 1 + 1e-9
UNION ALL
SELECT 'portfolio', concat_ws(' / ', run_id, audience, pick), concat('plan ', plan)
FROM portfolio
WHERE coalesce(plan, '') NOT IN ('count', 'budget')
UNION ALL
SELECT 'audience_overlap', concat_ws(' / ', audience, account_id_a, account_id_b), 'share not from 0 to 1'
FROM audience_overlap
WHERE share_of_smaller NOT BETWEEN -1e-9 AND 1 + 1e-9
    OR jaccard NOT BETWEEN -1e-9 AND 1 + 1e-9
    OR exclusive_share_a NOT BETWEEN -1e-9 AND 1 + 1e-9
    OR exclusive_share_b NOT BETWEEN -1e-9 AND 1 + 1e-9
UNION ALL
SELECT 'community_voices', concat_ws(' / ', audience, community, account_id), 'share not from 0 to 1'
FROM community_voices
WHERE share NOT BETWEEN -1e-9 AND 1 + 1e-9
