-- Selects rows of the published file that speak of something that is not in it.
-- From: every table that refers to another. Grain: one row per table × missing thing; none is good.

SELECT orphans.table_name, orphans.subject, orphans.problem
FROM (
    SELECT DISTINCT 'partner_rankings' AS table_name, concat_ws(' / ', run_id, audience) AS subject,
        'run is not in runs' AS problem
    FROM partner_rankings ANTI JOIN runs USING (run_id, audience)
    UNION ALL
    SELECT DISTINCT 'evidence', concat_ws(' / ', run_id, audience, account_id), 'account is not in partner_rankings'
    FROM evidence ANTI JOIN partner_rankings USING (run_id, audience, account_id)
    UNION ALL
    SELECT DISTINCT 'portfolio', concat_ws(' / ', run_id, audience, account_id), 'account is not in partner_rankings'
    FROM portfolio ANTI JOIN partner_rankings USING (run_id, audience, account_id)
    UNION ALL
    SELECT DISTINCT 'community_voices', concat_ws(' / ', run_id, audience, community), 'group is not in communities'
    FROM community_voices ANTI JOIN communities USING (run_id, audience, community)
    UNION ALL
    SELECT DISTINCT tables.table_name, concat_ws(' / ', tables.run_id, tables.audience), 'run is not in runs'
    FROM (
        SELECT 'audience_members' AS table_name, run_id, audience FROM audience_members
        UNION ALL
        SELECT 'own_accounts', run_id, audience FROM own_accounts
        UNION ALL
        SELECT 'advocates', run_id, audience FROM advocates
        UNION ALL
        SELECT 'brand_talk', run_id, audience FROM brand_talk
        UNION ALL
        SELECT 'momentum', run_id, audience FROM momentum
    ) AS tables
    ANTI JOIN runs USING (run_id, audience)
    UNION ALL
    SELECT DISTINCT 'audience_members', concat_ws(' / ', run_id, audience, community), 'group is not in communities'
    FROM audience_members ANTI JOIN communities USING (run_id, audience, community)
    WHERE community >= 0
    UNION ALL
    SELECT DISTINCT 'signal_group_members', group_id, 'group is not in signal_groups'
    FROM signal_group_members ANTI JOIN signal_groups USING (group_id)
    UNION ALL
    SELECT DISTINCT 'graph.adjacency', concat('node ', source), 'node is not in graph.accounts'
    FROM (SELECT DISTINCT source FROM graph.adjacency)
    WHERE source NOT IN (SELECT node FROM graph.accounts WHERE node IS NOT NULL)
    UNION ALL
    SELECT DISTINCT 'graph.interactions', concat('node ', node), 'node is not in graph.accounts'
    FROM (SELECT actor AS node FROM graph.interactions UNION SELECT target FROM graph.interactions)
    WHERE node NOT IN (SELECT accounts.node FROM graph.accounts AS accounts WHERE accounts.node IS NOT NULL)
) AS orphans
