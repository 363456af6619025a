-- Makes the comments of the macros: what each answers, and how it is called with its defaults.
-- From: the objects of name_macros.sql, macros.sql, audience_macros.sql, graph_macros.sql and help_macro.sql.

COMMENT ON MACRO TABLE help IS
    'Every macro of this file, what it answers, and an example that runs as it stands. FROM help()';
COMMENT ON MACRO TABLE top_partners IS
    'The n best candidates of each audience. Bounds decide: min_trust is compared with trust_low, max_shill with shill_probability_high. Statuses, size tiers, languages and platforms in any letter case. FROM top_partners(n := 10, in_audience := NULL, min_trust := NULL, max_shill := NULL, in_status := NULL, in_tier := NULL, in_language := NULL, in_platform := NULL)';
COMMENT ON MACRO TABLE why IS
    'The evidence for and against an account in the newest ranking, strongest first. FROM why(h, in_audience := NULL)';
COMMENT ON MACRO TABLE signals_of IS
    'Every signal on an account for the whole network, measured or not. FROM signals_of(h)';
COMMENT ON MACRO TABLE portfolio_of IS
    'The picks of the newest run in order, with what each adds. FROM portfolio_of(in_audience := NULL, in_plan := NULL)';
COMMENT ON MACRO TABLE history IS
    'An account in every run: rank, status, score, and what changed. FROM history(h, in_audience := NULL)';
COMMENT ON MACRO TABLE find IS
    'Accounts whose id, handle or display name contains a text, any case, closest first. FROM find(part, n := 50)';
COMMENT ON MACRO TABLE members_of IS
    'The members of an audience, those who count least first, with the factor that took the most. FROM members_of(in_audience := NULL)';
COMMENT ON MACRO TABLE communities_of IS
    'The groups inside an audience, largest first, with what their members share, whom they trust, and the voices that the whole list hides, those to avoid left out. FROM communities_of(in_audience := NULL)';
COMMENT ON MACRO TABLE bridge_voices IS
    'Candidates whom groups trust that otherwise listen to different people, at most n for each audience, those to avoid left out; trusted_by names the groups that each covers. FROM bridge_voices(in_audience := NULL, n := 20)';
COMMENT ON MACRO TABLE advocates_of IS
    'Who names a brand unpaid and of their own accord, those who did before anything paid was seen first. FROM advocates_of(in_audience := NULL, of_brand := NULL)';
COMMENT ON MACRO TABLE momentum_of IS
    'What rises and falls for an account over the runs, one row for each quantity. FROM momentum_of(h, in_audience := NULL)';
COMMENT ON MACRO TABLE neighbours IS
    'Accounts that are one, two or three follows away; ways is both, following (whom h follows) or followers (who follows h). FROM neighbours(h, hops := 1, ways := ''both'')';
COMMENT ON MACRO TABLE similar_to IS
    'Accounts whose followers are the most alike, by Jaccard share of followers inside this file. FROM similar_to(h, n := 10)';
COMMENT ON MACRO TABLE shared_followers IS
    'Accounts that follow both. FROM shared_followers(a, b)';
COMMENT ON MACRO TABLE between_two IS
    'Up to n shortest ways between two accounts over follows in either direction, at most four steps; at four steps one way per account in the middle. FROM between_two(a, b, n := 20)';
COMMENT ON MACRO TABLE ego IS
    'Who follows whom among an account and its n most followed neighbours. FROM ego(h, n := 30)';
COMMENT ON MACRO account_of IS
    'Account id of an id or handle, with or without @, in any case; an error where nobody or several are called so. SELECT account_of(h)';
COMMENT ON MACRO node_of IS
    'Node in graph.accounts of an id or handle. SELECT node_of(h)';
COMMENT ON MACRO audience_of IS
    'Name of an audience as the file writes it, from any case; NULL stays NULL, an unknown name is an error. SELECT audience_of(written)';
COMMENT ON MACRO name_key IS
    'The form in which names are compared: without @ and outer blanks, lower case, composed characters. SELECT name_key(written)';
COMMENT ON MACRO choice_of IS
    'The one of a few words that is meant, from any case and with blanks for underscores; NULL stays NULL, another word is an error that names them. SELECT choice_of(written, known, what)';
