-- Selects rows of the published file that miss a part of the key that names them.
-- From: every published table that is handed in. Grain: one row per table × missing column; none is good.

SELECT missing.table_name, missing.subject, concat(missing.n, ' rows without ', missing.subject) AS problem
FROM (
    SELECT 'runs' AS table_name, 'run_id' AS subject, count(*) AS n FROM runs WHERE run_id IS NULL
    UNION ALL
    SELECT 'runs', 'network', count(*) FROM runs WHERE network IS NULL
    UNION ALL
    SELECT 'runs', 'audience', count(*) FROM runs WHERE audience IS NULL
    UNION ALL
    SELECT 'runs', 'as_of', count(*) FROM runs WHERE as_of IS NULL
    UNION ALL
    SELECT 'partner_rankings', 'run_id', count(*) FROM partner_rankings WHERE run_id IS NULL
    UNION ALL
    SELECT 'partner_rankings', 'audience', count(*) FROM partner_rankings WHERE audience IS NULL
    UNION ALL
    SELECT 'partner_rankings', 'account_id', count(*) FROM partner_rankings WHERE account_id IS NULL
    UNION ALL
    SELECT 'partner_rankings', 'status', count(*) FROM partner_rankings WHERE status IS NULL
    UNION ALL
    SELECT 'evidence', 'run_id', count(*) FROM evidence WHERE run_id IS NULL
    UNION ALL
    SELECT 'evidence', 'audience', count(*) FROM evidence WHERE audience IS NULL
    UNION ALL
    SELECT 'evidence', 'account_id', count(*) FROM evidence WHERE account_id IS NULL
    UNION ALL
    SELECT 'evidence', 'signal', count(*) FROM evidence WHERE signal IS NULL
    UNION ALL
    SELECT 'evidence', 'sentence', count(*) FROM evidence WHERE sentence IS NULL
    UNION ALL
    SELECT 'account_signals', 'account_id', count(*) FROM account_signals WHERE account_id IS NULL
    UNION ALL
    SELECT 'account_signals', 'signal', count(*) FROM account_signals WHERE signal IS NULL
    UNION ALL
    SELECT 'account_signals', 'state', count(*) FROM account_signals WHERE state IS NULL
    UNION ALL
    SELECT 'brand_history', 'account_id', count(*) FROM brand_history WHERE account_id IS NULL OR brand IS NULL
    UNION ALL
    SELECT 'follower_history', 'account_id', count(*) FROM follower_history WHERE account_id IS NULL
    UNION ALL
    SELECT 'follower_history', 'day', count(*) FROM follower_history WHERE day IS NULL
    UNION ALL
    SELECT 'example_posts', 'post_id', count(*) FROM example_posts WHERE post_id IS NULL
    UNION ALL
    SELECT 'follower_types', 'account_id', count(*) FROM follower_types WHERE account_id IS NULL
    UNION ALL
    SELECT 'follower_types', 'profile_type', count(*) FROM follower_types WHERE profile_type IS NULL
    UNION ALL
    SELECT 'bios', 'account_id', count(*) FROM bios WHERE account_id IS NULL
    UNION ALL
    SELECT 'signal_groups', 'group_id', count(*) FROM signal_groups WHERE group_id IS NULL
    UNION ALL
    SELECT 'signal_group_members', 'group_id', count(*) FROM signal_group_members WHERE group_id IS NULL
    UNION ALL
    SELECT 'signal_group_members', 'account_id', count(*) FROM signal_group_members WHERE account_id IS NULL
    UNION ALL
    SELECT 'portfolio', 'run_id', count(*) FROM portfolio WHERE run_id IS NULL
    UNION ALL
    SELECT 'portfolio', 'pick', count(*) FROM portfolio WHERE pick IS NULL
    UNION ALL
    SELECT 'portfolio', 'account_id', count(*) FROM portfolio WHERE account_id IS NULL
    UNION ALL
    SELECT 'audience_overlap', 'account_id', count(*)
    FROM audience_overlap WHERE account_id_a IS NULL OR account_id_b IS NULL
    UNION ALL
    SELECT 'rank_changes', 'account_id', count(*) FROM rank_changes WHERE account_id IS NULL
    UNION ALL
    SELECT 'communities', 'community', count(*) FROM communities WHERE community IS NULL
    UNION ALL
    SELECT 'community_voices', 'account_id', count(*) FROM community_voices WHERE account_id IS NULL
    UNION ALL
    SELECT 'audience_members', 'account_id', count(*)
    FROM audience_members WHERE run_id IS NULL OR audience IS NULL OR account_id IS NULL
    UNION ALL
    SELECT 'own_accounts', 'account_id', count(*)
    FROM own_accounts WHERE run_id IS NULL OR audience IS NULL OR account_id IS NULL
    UNION ALL
    SELECT 'advocates', 'account_id', count(*)
    FROM advocates WHERE run_id IS NULL OR audience IS NULL OR account_id IS NULL OR brand IS NULL
    UNION ALL
    SELECT 'brand_talk', 'brand', count(*)
    FROM brand_talk WHERE run_id IS NULL OR audience IS NULL OR brand IS NULL
    UNION ALL
    SELECT 'momentum', 'account_id', count(*)
    FROM momentum WHERE run_id IS NULL OR audience IS NULL OR account_id IS NULL OR quantity IS NULL
    UNION ALL
    SELECT 'growth', 'account_id', count(*)
    FROM growth WHERE account_id IS NULL OR source IS NULL OR class IS NULL OR burst_day IS NULL
    UNION ALL
    SELECT 'graph.accounts', 'node', count(*) FROM graph.accounts WHERE node IS NULL
    UNION ALL
    SELECT 'graph.accounts', 'account_id', count(*) FROM graph.accounts WHERE account_id IS NULL
    UNION ALL
    SELECT 'graph.adjacency', 'node', count(*) FROM graph.adjacency WHERE source IS NULL OR target IS NULL
    UNION ALL
    SELECT 'graph.interactions', 'node', count(*) FROM graph.interactions WHERE actor IS NULL OR target IS NULL
) AS missing
WHERE missing.n > 0
