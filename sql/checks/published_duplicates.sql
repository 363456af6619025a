-- Selects keys of the published file that stand in more than one row.
-- From: every published table with a key. Grain: one row per table × repeated key; none is good.

SELECT repeated.table_name, repeated.subject, concat(repeated.n, ' rows with the same key') AS problem
FROM (
    SELECT 'runs' AS table_name, concat_ws(' / ', run_id, audience) AS subject, count(*) AS n
    FROM runs GROUP BY run_id, audience
    UNION ALL
    SELECT 'partner_rankings', concat_ws(' / ', run_id, audience, account_id), count(*)
    FROM partner_rankings GROUP BY run_id, audience, account_id
    UNION ALL
    SELECT 'evidence', concat_ws(' / ', run_id, audience, account_id, side, signal, direction), count(*)
    FROM evidence GROUP BY run_id, audience, account_id, side, signal, direction
    UNION ALL
    SELECT 'impersonation', account_id, count(*)
    FROM impersonation GROUP BY account_id
    UNION ALL
    SELECT 'reviews', account_id, count(*)
    FROM reviews WHERE is_current GROUP BY account_id
    UNION ALL
    SELECT 'account_signals', concat_ws(' / ', account_id, signal), count(*)
    FROM account_signals GROUP BY account_id, signal
    UNION ALL
    SELECT 'brand_history', concat_ws(' / ', account_id, brand), count(*)
    FROM brand_history GROUP BY account_id, brand
    UNION ALL
    SELECT 'follower_history', concat_ws(' / ', account_id, day), count(*)
    FROM follower_history GROUP BY account_id, day
    UNION ALL
    SELECT 'example_posts', post_id, count(*)
    FROM example_posts GROUP BY post_id
    UNION ALL
    SELECT 'follower_types', concat_ws(' / ', account_id, profile_type), count(*)
    FROM follower_types GROUP BY account_id, profile_type
    UNION ALL
    SELECT 'bios', account_id, count(*) FROM bios GROUP BY account_id
    UNION ALL
    SELECT 'signal_groups', group_id, count(*) FROM signal_groups GROUP BY group_id
    UNION ALL
    SELECT 'signal_group_members', concat_ws(' / ', group_id, account_id), count(*)
    FROM signal_group_members GROUP BY group_id, account_id
    UNION ALL
    SELECT 'portfolio', concat_ws(' / ', run_id, audience, plan, pick), count(*)
    FROM portfolio GROUP BY run_id, audience, plan, pick
    UNION ALL
    SELECT 'audience_overlap', concat_ws(' / ', run_id, audience, account_id_a, account_id_b), count(*)
    FROM audience_overlap GROUP BY run_id, audience, account_id_a, account_id_b
    UNION ALL
    SELECT 'rank_changes', concat_ws(' / ', run_id, audience, account_id), count(*)
    FROM rank_changes GROUP BY run_id, audience, account_id
    UNION ALL
    SELECT 'communities', concat_ws(' / ', run_id, audience, community), count(*)
    FROM communities GROUP BY run_id, audience, community
    UNION ALL
    SELECT 'community_voices', concat_ws(' / ', run_id, audience, community, account_id), count(*)
    FROM community_voices GROUP BY run_id, audience, community, account_id
    UNION ALL
    SELECT 'audience_members', concat_ws(' / ', run_id, audience, account_id), count(*)
    FROM audience_members GROUP BY run_id, audience, account_id
    UNION ALL
    SELECT 'own_accounts', concat_ws(' / ', run_id, audience, account_id), count(*)
    FROM own_accounts GROUP BY run_id, audience, account_id
    UNION ALL
    SELECT 'advocates', concat_ws(' / ', run_id, audience, brand, account_id), count(*)
    FROM advocates GROUP BY run_id, audience, brand, account_id
    UNION ALL
    SELECT 'brand_talk', concat_ws(' / ', run_id, audience, brand), count(*)
    FROM brand_talk GROUP BY run_id, audience, brand
    UNION ALL
    SELECT 'momentum', concat_ws(' / ', run_id, audience, account_id, quantity), count(*)
    FROM momentum GROUP BY run_id, audience, account_id, quantity
    UNION ALL
    SELECT 'growth', concat_ws(' / ', account_id, source, burst_day), count(*)
    FROM growth GROUP BY account_id, source, burst_day
    UNION ALL
    SELECT 'graph.accounts', concat('node ', node), count(*) FROM graph.accounts GROUP BY node
    UNION ALL
    SELECT 'graph.accounts', account_id, count(*) FROM graph.accounts GROUP BY account_id
    UNION ALL
    SELECT 'graph.interactions', concat_ws(' / ', actor, target, kind), count(*)
    FROM graph.interactions GROUP BY actor, target, kind
    UNION ALL
    SELECT 'quality.balance', concat_ws(' / ', network, as_of, table_name), count(*)
    FROM quality.balance GROUP BY network, as_of, table_name
    UNION ALL
    SELECT 'quality.coverage', concat_ws(' / ', network, as_of, subject, measure), count(*)
    FROM quality.coverage GROUP BY network, as_of, subject, measure
) AS repeated
WHERE repeated.n > 1
