-- Selects figures of the published file that cannot be: shares and probabilities outside 0 to 1, intervals whose
-- lower end lies above the upper one, values outside their interval, scores of groups below what they are held
-- against, words outside their list.
-- From: partner_rankings, own_accounts, audience_members, advocates, brand_talk, momentum, account_signals, follower_types,
-- signal_groups, evidence, portfolio, audience_overlap, communities, community_voices.
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
            authenticity_part, shill_probability, shill_probability_low, shill_probability_high,
            conversation, conversation_low, conversation_high, conversation_part, directed_share, answer_rate,
            answer_rate_low, answer_rate_high, distinct_answer_share, shared_community_share, clockwork_share,
            tone_coverage, bridge_score, sharing_rate
        FROM ranked
    ) ON * EXCLUDE (subject) INTO NAME figure VALUE share
),

own_shares AS (
    UNPIVOT (
        SELECT
            concat_ws(' / ', run_id, audience, account_id) AS subject, conversation, conversation_low,
            conversation_high, directed_share, answer_rate, answer_rate_low, answer_rate_high,
            distinct_answer_share, shared_community_share, clockwork_share, tone_coverage
        FROM own_accounts
    ) ON * EXCLUDE (subject) INTO NAME figure VALUE share
),

weights AS (
    UNPIVOT (
        SELECT
            concat_ws(' / ', run_id, audience, account_id) AS subject,
            stated_weight, weight, attention_factor, profile_factor, lockstep_factor
        FROM audience_members
    ) ON * EXCLUDE (subject) INTO NAME figure VALUE share
),

-- Who converses and how, of candidates and of the audience's own accounts, under one rule.
talk AS (
    SELECT
        'partner_rankings' AS table_name, subject, conversation, conversation_low, conversation_high, answer_rate,
        answer_rate_low, answer_rate_high, tone, tone_low, tone_high, replies_received, replies_answered, dyads,
        returning_dyads
    FROM ranked
    UNION ALL
    SELECT
        'own_accounts', concat_ws(' / ', run_id, audience, account_id), conversation, conversation_low,
        conversation_high, answer_rate, answer_rate_low, answer_rate_high, tone, tone_low, tone_high,
        replies_received, replies_answered, dyads, returning_dyads
    FROM own_accounts
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
SELECT 'own_accounts', subject, concat(figure, ' = ', share, ', not from 0 to 1')
FROM own_shares
WHERE share NOT BETWEEN -1e-9 AND 1 + 1e-9
UNION ALL
SELECT 'audience_members', subject, concat(figure, ' = ', share, ', not from 0 to 1')
FROM weights
WHERE share NOT BETWEEN -1e-9 AND 1 + 1e-9
UNION ALL
SELECT table_name, subject, 'tone not from -1 to 1'
FROM talk
WHERE least(tone, tone_low, tone_high) < -1 - 1e-9 OR greatest(tone, tone_low, tone_high) > 1 + 1e-9
UNION ALL
SELECT table_name, subject, 'value outside its interval'
FROM talk
WHERE conversation < conversation_low - 1e-9 OR conversation > conversation_high + 1e-9
    OR answer_rate < answer_rate_low - 1e-9 OR answer_rate > answer_rate_high + 1e-9
    OR tone < tone_low - 1e-9 OR tone > tone_high + 1e-9
UNION ALL
SELECT table_name, subject, 'a part larger than the whole'
FROM talk
WHERE replies_answered > replies_received OR returning_dyads > dyads
UNION ALL
SELECT 'own_accounts', concat_ws(' / ', run_id, audience, account_id), concat('state ', state)
FROM own_accounts
WHERE state NOT IN ('measured', 'not_enough_data')
UNION ALL
SELECT 'audience_members', concat_ws(' / ', run_id, audience, account_id), concat('reason ', reason)
FROM audience_members
WHERE reason NOT IN (
    'full_weight', 'nearly_full', 'stated_weight', 'mass_following', 'empty_profile', 'suspicious_profile', 'lockstep'
)
UNION ALL
SELECT 'partner_rankings', subject, 'covers another number of communities than it lists'
FROM ranked
WHERE communities_covered <> len(covered_communities)
UNION ALL
SELECT 'partner_rankings', subject, 'listeners that are no union of followers and voices'
FROM ranked
WHERE audience_listeners NOT BETWEEN
    greatest(audience_followers, word_of_mouth_voices) AND audience_followers + word_of_mouth_voices
UNION ALL
SELECT 'partner_rankings', subject, concat('momentum ', momentum)
FROM ranked
WHERE momentum NOT IN ('rising', 'steady', 'falling', 'not_enough_data')
UNION ALL
SELECT 'momentum', concat_ws(' / ', run_id, audience, account_id, quantity), concat('direction ', direction)
FROM momentum
WHERE direction NOT IN ('rising', 'steady', 'falling', 'not_enough_data')
UNION ALL
SELECT 'momentum', concat_ws(' / ', run_id, audience, account_id, quantity), 'value outside its interval'
FROM momentum
WHERE change_per_30_days < change_low - 1e-9 OR change_per_30_days > change_high + 1e-9
    OR first_as_of > last_as_of
UNION ALL
SELECT 'advocates', concat_ws(' / ', run_id, audience, brand, account_id), 'ends before it begins'
FROM advocates
WHERE first_at > last_at
UNION ALL
SELECT 'brand_talk', concat_ws(' / ', run_id, audience, brand), 'share not from 0 to 1'
FROM brand_talk
WHERE member_talk_share NOT BETWEEN -1e-9 AND 1 + 1e-9
UNION ALL
SELECT 'communities', concat_ws(' / ', run_id, audience, community), 'share not from 0 to 1'
FROM communities
WHERE stability NOT BETWEEN -1e-9 AND 1 + 1e-9 OR internal_share NOT BETWEEN -1e-9 AND 1 + 1e-9
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
SELECT 'account_signals', concat_ws(' / ', account_id, signal), 'value outside its interval'
FROM account_signals
WHERE value < low - 1e-9 OR value > high + 1e-9 OR low > high + 1e-9
UNION ALL
SELECT 'signal_groups', group_id, concat('score ', score, ' does not pass the threshold ', threshold)
FROM signal_groups
WHERE score < threshold OR (score = threshold AND kind IS DISTINCT FROM 'lockstep_block')
UNION ALL
SELECT 'follower_types', concat_ws(' / ', account_id, profile_type), 'share not from 0 to 1 or outside its interval'
FROM follower_types
WHERE share NOT BETWEEN -1e-9 AND 1 + 1e-9 OR share_low > share + 1e-9 OR share_high < share - 1e-9
UNION ALL
SELECT 'growth', concat_ws(' / ', account_id, burst_day), concat('class ', class)
FROM growth
WHERE class NOT IN ('explained', 'unusual', 'bombed', 'unclear')
UNION ALL
SELECT 'growth', concat_ws(' / ', account_id, burst_day), 'share not from 0 to 1'
FROM growth
WHERE unusual_share NOT BETWEEN 0 AND 1
    OR removed_share NOT BETWEEN 0 AND 1
    OR share_of_followers NOT BETWEEN 0 AND 1
    OR explained_share NOT BETWEEN 0 AND 1
    OR probability NOT BETWEEN 0 AND 1
UNION ALL
SELECT 'growth', concat_ws(' / ', account_id, burst_day), 'ends before it begins'
FROM growth
WHERE last_day < burst_day
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
