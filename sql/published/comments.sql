-- Makes the comment of every table and column of the published file; comments_views.sql has those of the views.
-- From: the objects of schema.sql. docs/SCHEMA.md is written from these comments.

COMMENT ON TABLE about IS
    'How this file was made. One row.';
COMMENT ON COLUMN about.schema_version IS 'Version of this schema; it grows when columns are added.';
COMMENT ON COLUMN about.vouch_version IS 'Version of Vouch that published the file.';
COMMENT ON COLUMN about.duckdb_version IS 'Version of DuckDB that wrote the file.';
COMMENT ON COLUMN about.published_at IS 'When the file was published, UTC.';

COMMENT ON TABLE runs IS
    'Every run that the rankings come from. One row per run × audience.';
COMMENT ON COLUMN runs.run_id IS 'Id of the run that made the row; see runs.';
COMMENT ON COLUMN runs.network IS 'Name of the network (data set) that the row belongs to.';
COMMENT ON COLUMN runs.as_of IS 'Day of the network snapshot that the row describes.';
COMMENT ON COLUMN runs.audience IS 'Name of the audience, as given in the data.';
COMMENT ON COLUMN runs.started_at IS 'When the run started, UTC.';
COMMENT ON COLUMN runs.finished_at IS 'When the ranking of the audience was made, UTC; NULL where it is not known.';
COMMENT ON COLUMN runs.configuration IS 'Settings of the run, as JSON text.';
COMMENT ON COLUMN runs.weights_version IS 'Version of the weights behind the score and the shill probability.';
COMMENT ON COLUMN runs.data_dir IS 'Folder that the data was read from.';
COMMENT ON COLUMN runs.input_fingerprint IS 'Fingerprint of the input tables: the same fingerprint is the same data.';
COMMENT ON COLUMN runs.observed_until IS 'Latest time that the data speaks of, UTC.';
COMMENT ON COLUMN runs.audience_size IS 'Members of the audience that the network knows.';
COMMENT ON COLUMN runs.audience_size_cleaned IS 'Sum of the weights that the members count with: the list''s own, times less for mass followers, empty or unusual profiles and members who move as one. What cleaning took is audience_size_stated minus this.';
COMMENT ON COLUMN runs.candidates IS 'Accounts that were ranked.';
COMMENT ON COLUMN runs.durations IS 'Seconds that each stage took, as JSON text.';
COMMENT ON COLUMN runs.is_generated IS 'True where the data was generated (the demo), so that nobody takes it for real people.';
COMMENT ON COLUMN runs.is_current IS 'False where the newest data no longer name the audience.';
COMMENT ON COLUMN runs.audience_size_stated IS 'Sum of the weights that the list itself gives its members, before any cleaning; audience_size where it gives none. NULL for runs of an earlier Vouch.';

COMMENT ON TABLE partner_rankings IS
    'Every run''s ranking of candidates. One row per run × audience × candidate. Figures are NULL where the data does not say enough.';
COMMENT ON COLUMN partner_rankings.run_id IS 'Id of the run that made the row; see runs.';
COMMENT ON COLUMN partner_rankings.network IS 'Name of the network (data set) that the row belongs to.';
COMMENT ON COLUMN partner_rankings.audience IS 'Name of the audience, as given in the data.';
COMMENT ON COLUMN partner_rankings.as_of IS 'Day of the network snapshot that the row describes.';
COMMENT ON COLUMN partner_rankings.rank IS 'Place in the ranking, 1 is the best. Everybody listed has one, also where the status is not_enough_data.';
COMMENT ON COLUMN partner_rankings.rank_low IS 'Best place that the data supports (lower end of the rank interval).';
COMMENT ON COLUMN partner_rankings.rank_high IS 'Worst place that the data supports (upper end of the rank interval).';
COMMENT ON COLUMN partner_rankings.account_id IS 'Id of the account on its platform, as text.';
COMMENT ON COLUMN partner_rankings.handle IS 'Name that the account is called by, without @; NULL where the data has none.';
COMMENT ON COLUMN partner_rankings.display_name IS 'Name that the account shows; written by a stranger, so treat it as text only.';
COMMENT ON COLUMN partner_rankings.platform IS 'Platform of the account, as given in the data.';
COMMENT ON COLUMN partner_rankings.language IS 'Language of the account, as given in the data.';
COMMENT ON COLUMN partner_rankings.status IS 'recommended, watch, avoid or not_enough_data.';
COMMENT ON COLUMN partner_rankings.status_reason IS 'The quantity that decided the status: all_bars_met, shill_probability_low, shill_probability_high, lift_low, lift_not_measured, trust_not_measured, n_signals, audience_followers, audience_size, reviewed (a person''s decision) or resembles_another (see impersonation).';
COMMENT ON COLUMN partner_rankings.score IS 'trust_low × authenticity_part: what is left when trust is taken at its lower and risk at its upper bound.';
COMMENT ON COLUMN partner_rankings.followers_count IS 'Followers that the profile claims; NULL where the data does not say.';
COMMENT ON COLUMN partner_rankings.size_tier IS 'nano < 10,000 followers ≤ micro < 100,000 ≤ mid < 500,000 ≤ macro < 1,000,000 ≤ mega.';
COMMENT ON COLUMN partner_rankings.audience_size IS 'Members of the audience that the network knows.';
COMMENT ON COLUMN partner_rankings.audience_followers IS 'Audience members who follow the candidate, counted.';
COMMENT ON COLUMN partner_rankings.audience_followers_cleaned IS 'The same, each member counted by its weight after cleaning.';
COMMENT ON COLUMN partner_rankings.reach_share IS 'audience_followers ÷ members other than itself: audience_size, less 1 where the candidate is a member.';
COMMENT ON COLUMN partner_rankings.reach_share_low IS 'Lower end of the 95 % interval of reach_share (Wilson).';
COMMENT ON COLUMN partner_rankings.reach_share_high IS 'Upper end of the 95 % interval of reach_share (Wilson).';
COMMENT ON COLUMN partner_rankings.reach_share_cleaned IS 'Share of the cleaned audience''s weight that follows the candidate.';
COMMENT ON COLUMN partner_rankings.baseline_share IS 'Share of comparable accounts outside the audience who follow the candidate.';
COMMENT ON COLUMN partner_rankings.lift IS 'reach_share_cleaned ÷ baseline_share: how many times the share of comparable accounts that follow the candidate the audience''s is, each member counted by its weight. Where baseline_share is 0 it is the prior''s estimate: read lift_low.';
COMMENT ON COLUMN partner_rankings.lift_low IS 'Lower end of the interval of lift.';
COMMENT ON COLUMN partner_rankings.lift_high IS 'Upper end of the interval of lift.';
COMMENT ON COLUMN partner_rankings.log_odds_z IS 'z of the log odds of audience against baseline, with an informative prior (Monroe, Colaresi, Quinn 2008).';
COMMENT ON COLUMN partner_rankings.endorsement IS 'Attention of the audience that arrives over follows and common listeners, × log of how much more it is than everybody''s; 0 where lift ≤ 1.';
COMMENT ON COLUMN partner_rankings.conversation IS 'From broadcast, 0, to conversation with the audience, 1: whether the candidate answers, addresses somebody, and is spoken to again. NULL where too little is seen.';
COMMENT ON COLUMN partner_rankings.word_of_mouth_voices IS 'Audience members who mentioned, quoted or reposted the candidate, each counted once.';
COMMENT ON COLUMN partner_rankings.word_of_mouth_voices_cleaned IS 'The same, each member counted by its weight after cleaning.';
COMMENT ON COLUMN partner_rankings.word_of_mouth_weeks IS 'Weeks in which at least one of these voices spoke.';
COMMENT ON COLUMN partner_rankings.trust IS 'Weighted mean of the parts that could be measured, 0 to 1.';
COMMENT ON COLUMN partner_rankings.trust_low IS 'Lower end of the interval of trust, from resampling the audience.';
COMMENT ON COLUMN partner_rankings.trust_high IS 'Upper end of the interval of trust, from resampling the audience.';
COMMENT ON COLUMN partner_rankings.endorsement_part IS 'Part of trust that endorsement gives, 0 to 1.';
COMMENT ON COLUMN partner_rankings.affinity_part IS 'Part of trust that lift_low gives, 0 to 1.';
COMMENT ON COLUMN partner_rankings.word_of_mouth_part IS 'Part of trust that word of mouth gives, 0 to 1.';
COMMENT ON COLUMN partner_rankings.authenticity_part IS '1 − shill_probability_high: the factor by which risk lowers the score. Where that is NULL, the highest bound of the audience''s candidates that give no cause for a warning is assumed, at least the base rate of 8 %: missing data improve nobody.';
COMMENT ON COLUMN partner_rankings.shill_probability IS 'Probability that the influence is bought, joined from the measured signals. A signal to look into, no verdict.';
COMMENT ON COLUMN partner_rankings.shill_probability_low IS 'Lower end of the interval of shill_probability, at the lower bounds of the signals.';
COMMENT ON COLUMN partner_rankings.shill_probability_high IS 'Upper end of the interval of shill_probability.';
COMMENT ON COLUMN partner_rankings.signals_measured IS 'Shill signals that had enough data on the account.';
COMMENT ON COLUMN partner_rankings.community IS 'Number of the community inside the audience; see communities. NULL where the account belongs to none.';
COMMENT ON COLUMN partner_rankings.is_pick IS 'True where the account is in a portfolio, by count or by budget.';
COMMENT ON COLUMN partner_rankings.price IS 'Price of one deliverable as given in the table rates, in the currency most prices are in; NULL where none is given in it (see other_price).';
COMMENT ON COLUMN partner_rankings.currency IS 'Currency of the price.';
COMMENT ON COLUMN partner_rankings.attention_basis IS
    'What following means here: follows, or interactions (repost, quote, mention, reply) where no follows were delivered.';
COMMENT ON COLUMN partner_rankings.baseline IS 'What lift compares the audience with: network, audience:NAME or category:NAME.';
COMMENT ON COLUMN partner_rankings.conversation_low IS 'Lower end of the interval of conversation.';
COMMENT ON COLUMN partner_rankings.conversation_high IS 'Upper end of the interval of conversation.';
COMMENT ON COLUMN partner_rankings.conversation_part IS 'Part of trust that conversation gives, 0 to 1; who could not be measured counts as the typical candidate.';
COMMENT ON COLUMN partner_rankings.directed_share IS 'Share of what the candidate sends out, copies counted once, that is addressed to one person or a few.';
COMMENT ON COLUMN partner_rankings.replies_received IS 'Times that audience members spoke to the candidate.';
COMMENT ON COLUMN partner_rankings.replies_answered IS 'How many of these the candidate answered.';
COMMENT ON COLUMN partner_rankings.answer_rate IS 'replies_answered ÷ replies_received.';
COMMENT ON COLUMN partner_rankings.answer_rate_low IS 'Lower end of the interval of answer_rate.';
COMMENT ON COLUMN partner_rankings.answer_rate_high IS 'Upper end of the interval of answer_rate.';
COMMENT ON COLUMN partner_rankings.answer_delay_hours IS 'Hours until an answer, the middle one (median).';
COMMENT ON COLUMN partner_rankings.distinct_answer_share IS 'Different wordings ÷ answers that have a text; near-duplicates count once.';
COMMENT ON COLUMN partner_rankings.dyads IS 'Audience members who spoke to the candidate and were answered.';
COMMENT ON COLUMN partner_rankings.returning_dyads IS 'How many of these spoke to it in at least two different weeks.';
COMMENT ON COLUMN partner_rankings.shared_community_share IS 'Share of these, where it is known, who belong to the same community as the candidate.';
COMMENT ON COLUMN partner_rankings.clockwork_share IS 'Share of its output that looks like a machine''s, by its times and its repeats; NULL on too few moments.';
COMMENT ON COLUMN partner_rankings.tone IS 'Tone of the messages between members and the candidate, −1 to 1. Coarse, and never part of the score.';
COMMENT ON COLUMN partner_rankings.tone_low IS 'Lower end of the interval of tone.';
COMMENT ON COLUMN partner_rankings.tone_high IS 'Upper end of the interval of tone.';
COMMENT ON COLUMN partner_rankings.tone_coverage IS 'tone_messages ÷ all messages between members and the candidate.';
COMMENT ON COLUMN partner_rankings.tone_messages IS 'Messages between members and the candidate with any sign of liking or dislike: what tone rests on.';
COMMENT ON COLUMN partner_rankings.word_of_mouth_communities IS 'Different communities of the audience that these voices belong to.';
COMMENT ON COLUMN partner_rankings.word_of_mouth_prompted_voices IS 'Members whose only talk of the candidate answered a call to share; not among the voices that count.';
COMMENT ON COLUMN partner_rankings.word_of_mouth_occasions IS 'How many different things were said: each post that was passed on is one, and so are the own words of each voice, weighed by how many voices each has. 1 where all passed on one post, as many as voices where each had one other thing to say, more than voices where single ones passed on several posts. Below the number of voices, talk counts less: few posts went round.';
COMMENT ON COLUMN partner_rankings.speakers IS 'Audience members who sent the messages of replies_received.';
COMMENT ON COLUMN partner_rankings.review IS 'What a person decided: genuine or shill; NULL where nobody did. The status follows it; shill_probability and score stay as measured.';
COMMENT ON COLUMN partner_rankings.reviewed_at IS 'When that was decided, UTC; NULL for a delivered label, which has no time.';
COMMENT ON COLUMN partner_rankings.sharing_rate IS 'Members who speak of the candidate unasked ÷ audience_listeners, weighed by authenticity and drawn towards the rate of all candidates where they are few; an estimate. NULL where nothing is known of who speaks.';
COMMENT ON COLUMN partner_rankings.shill_probability_measured IS 'The probability before it was recalibrated on labels; the same as shill_probability where it was not (see calibration).';
COMMENT ON COLUMN partner_rankings.other_price IS 'Price of one deliverable in other_currency, of a candidate that has none in the currency most prices are in; price is NULL then, and no sum or budget counts it.';
COMMENT ON COLUMN partner_rankings.other_currency IS 'Currency of other_price; NULL beside an other_price whose currency is not given.';
COMMENT ON COLUMN partner_rankings.covered_communities IS 'Numbers of the communities that communities_covered counts; see communities. NULL where no community holds, and in runs of an earlier Vouch.';
COMMENT ON COLUMN partner_rankings.audience_listeners IS 'Audience members who follow the candidate or speak of it unasked, each counted once. NULL where nothing is known of who speaks, and in runs of an earlier Vouch.';
COMMENT ON COLUMN partner_rankings.audience_listeners_cleaned IS 'The same, each member counted by its weight after cleaning.';
COMMENT ON COLUMN partner_rankings.communities_covered IS 'Communities of the audience that the candidate covers: their members follow it about as much as the audience does. Only communities that hold (stability from 0.5) and of whose members cleaning leaves at least half the weight.';
COMMENT ON COLUMN partner_rankings.bridge_score IS 'How evenly the candidate is followed over the communities that it covers, 0 (one group) to 1 (all alike).';
COMMENT ON COLUMN partner_rankings.is_bridge IS 'True where the candidate covers at least two communities, evenly, and is special to the audience. Says whom it reaches, not whether to book it: see status.';
COMMENT ON COLUMN partner_rankings.momentum IS 'Direction of trust over the runs: rising, steady, falling or not_enough_data.';
COMMENT ON COLUMN partner_rankings.momentum_change IS 'Change of trust per 30 days over the runs, beyond what the candidates have in common.';
COMMENT ON COLUMN partner_rankings.momentum_runs IS 'Runs that the trend rests on.';
COMMENT ON COLUMN partner_rankings.rank_in_tier IS 'Place among the candidates of the same size tier, 1 is the best.';
COMMENT ON COLUMN partner_rankings.what_would_change IS 'What would change this rank, in one plain sentence.';

COMMENT ON TABLE evidence IS
    'The reasons behind a ranking. One row per run × audience × candidate × side × signal × direction.';
COMMENT ON COLUMN evidence.run_id IS 'Id of the run that made the row; see runs.';
COMMENT ON COLUMN evidence.audience IS 'Name of the audience, as given in the data.';
COMMENT ON COLUMN evidence.account_id IS 'Id of the account on its platform, as text.';
COMMENT ON COLUMN evidence.handle IS 'Name that the account is called by, without @; NULL where the data has none.';
COMMENT ON COLUMN evidence.signal IS 'Name of the signal; docs/ lists what each one measures.';
COMMENT ON COLUMN evidence.side IS 'trust or shill: which of the two questions the reason speaks to.';
COMMENT ON COLUMN evidence.direction IS 'for: the reason speaks for the candidate; against: it speaks against it; neutral: it was measured and tips neither way; unknown: there was not enough data to measure it.';
COMMENT ON COLUMN evidence.value IS 'What was measured.';
COMMENT ON COLUMN evidence.typical_value IS 'What is usual for comparable accounts.';
COMMENT ON COLUMN evidence.threshold IS 'Value from which the signal counts.';
COMMENT ON COLUMN evidence.weight IS 'Weight of the reason in its side: share of trust, or by how much the log odds of bought influence would differ without that kind of money.';
COMMENT ON COLUMN evidence.sentence IS 'The reason in one plain sentence.';
COMMENT ON COLUMN evidence.example_ids IS 'Ids of example rows (posts, accounts or groups) behind the value.';

COMMENT ON TABLE account_signals IS
    'What was measured on each account for the whole network, newest snapshot. One row per account × signal.';
COMMENT ON COLUMN account_signals.account_id IS 'Id of the account on its platform, as text.';
COMMENT ON COLUMN account_signals.handle IS 'Name that the account is called by, without @; NULL where the data has none.';
COMMENT ON COLUMN account_signals.signal IS 'Name of the signal; docs/ lists what each one measures.';
COMMENT ON COLUMN account_signals.value IS 'What was measured; NULL where not enough data.';
COMMENT ON COLUMN account_signals.low IS 'Lower end of the interval of value, at most value; the same where the signal has no interval.';
COMMENT ON COLUMN account_signals.high IS 'Upper end of the interval of value, at least value; the same where the signal has no interval.';
COMMENT ON COLUMN account_signals.n IS 'What the value rests on: followers, posts or interactions looked at.';
COMMENT ON COLUMN account_signals.state IS 'measured or not_enough_data.';
COMMENT ON COLUMN account_signals.flagged IS 'True where the value lies beyond the threshold; NULL where not measured.';

COMMENT ON TABLE brand_history IS
    'How each account''s talk of each brand went, newest snapshot. One row per account × brand that its posts name.';
COMMENT ON COLUMN brand_history.account_id IS 'Id of the account on its platform, as text.';
COMMENT ON COLUMN brand_history.handle IS 'Name that the account is called by, without @; NULL where the data has none.';
COMMENT ON COLUMN brand_history.brand IS 'Name of the brand, as given in the data.';
COMMENT ON COLUMN brand_history.category IS 'Category of the brand, as given in the data; NULL where it has none.';
COMMENT ON COLUMN brand_history.posts IS 'Posts of the account that name the brand.';
COMMENT ON COLUMN brand_history.paid_posts IS 'Those that say that they are paid for, hint at it, or look it. Describes, and raises no risk.';
COMMENT ON COLUMN brand_history.disclosed_posts IS 'Those that say so or hint at it themselves.';
COMMENT ON COLUMN brand_history.first_at IS 'First post that names the brand, UTC.';
COMMENT ON COLUMN brand_history.last_at IS 'Last post that names the brand, UTC.';
COMMENT ON COLUMN brand_history.first_paid_at IS 'First of paid_posts, UTC; NULL without any.';
COMMENT ON COLUMN brand_history.organic_before_paid IS 'Unpaid posts on days before the first paid one; all unpaid ones where none is paid.';
COMMENT ON COLUMN brand_history.organic_after_paid IS 'Unpaid posts on days after the first paid one: the account came back without being paid.';

COMMENT ON TABLE follower_types IS
    'What the profiled followers of each account look like, newest snapshot. One row per account × type; the shares of an account add up to 1. Accounts with too few profiled followers are left out.';
COMMENT ON COLUMN follower_types.account_id IS 'Id of the account on its platform, as text.';
COMMENT ON COLUMN follower_types.handle IS 'Name that the account is called by, without @; NULL where the data has none.';
COMMENT ON COLUMN follower_types.profile_type IS 'real; mass: follows more than 1,500; influencer: 5,000 followers and more of them than it follows; dormant: shows little; suspicious: looks purchased.';
COMMENT ON COLUMN follower_types.share IS 'Share of the profiled followers that are of this type; estimated for suspicious, and the others share the rest.';
COMMENT ON COLUMN follower_types.share_low IS 'Lower end of the 95 % interval of share.';
COMMENT ON COLUMN follower_types.share_high IS 'Upper end of the 95 % interval of share; that of suspicious covers the errors of the profile model too.';
COMMENT ON COLUMN follower_types.n IS 'Followers whose profile says enough.';

COMMENT ON TABLE signal_groups IS
    'Groups of accounts that act in step, newest snapshot. One row per group. Unusual is not guilty: friends act in step too.';
COMMENT ON COLUMN signal_groups.group_id IS 'Id of the group.';
COMMENT ON COLUMN signal_groups.kind IS 'What joins the group: lockstep_block, engagement_pod, copied_text or coordination.';
COMMENT ON COLUMN signal_groups.members IS 'Accounts in the group.';
COMMENT ON COLUMN signal_groups.density IS 'Share of the possible ties inside the group that exist.';
COMMENT ON COLUMN signal_groups.contrast IS 'Share of the members'' activity that stays inside the group.';
COMMENT ON COLUMN signal_groups.score IS 'How strongly the group acts in step, in the unit of its kind: mean share of each other''s posts engaged with beyond what is expected, over all its pairs, friends counted half (engagement_pod); mean strength of its pairs that stand out, in nats (coordination); accounts that post the same words (copied_text); the weakest of its figures ÷ the least that a block needs (lockstep_block). Comparable within a kind.';
COMMENT ON COLUMN signal_groups.threshold IS 'What the score is held against: a lockstep_block reaches it, coordination and copied_text lie above it. NULL where no threshold of the score decides: an engagement_pod is made of pairs and accounts that each stand out by themselves.';
COMMENT ON COLUMN signal_groups.first_at IS 'Earliest time that the group acts, UTC; NULL without times.';
COMMENT ON COLUMN signal_groups.last_at IS 'Latest time that the group acts, UTC; NULL without times.';
COMMENT ON COLUMN signal_groups.about IS 'What joins the group, in one plain sentence; NULL in runs before it was kept.';
COMMENT ON COLUMN signal_groups.observed IS 'What a typical pair of the group does together: share of each other''s posts engaged with (pod), things shared at the same time (coordination); NULL for other kinds.';
COMMENT ON COLUMN signal_groups.expected IS 'What the null model expects of such a pair, in the same unit; NULL for other kinds.';
COMMENT ON COLUMN signal_groups.topic_match IS 'How far the members share a topic by whom they follow: 0 as accounts drawn at random, 1 as mutual friends; pods only, NULL where unknown.';
COMMENT ON COLUMN signal_groups.first_hour_share IS 'Share of the engagements inside the group within an hour of the post; pods only, NULL without times.';
COMMENT ON COLUMN signal_groups.typical_delay_s IS 'Median seconds from a post to the engagement inside the group; pods only, NULL without times.';

COMMENT ON TABLE signal_group_members IS
    'Who is in each group. One row per group × account.';
COMMENT ON COLUMN signal_group_members.group_id IS 'Id of the group; see signal_groups.';
COMMENT ON COLUMN signal_group_members.account_id IS 'Id of the account on its platform, as text.';
COMMENT ON COLUMN signal_group_members.handle IS 'Name that the account is called by, without @; NULL where the data has none.';
COMMENT ON COLUMN signal_group_members.role IS 'What was seen of the account in the group: follower (of a lockstep block), followed (in it), follower and followed, or member. Who is followed may be a victim whom others sent followers.';
COMMENT ON COLUMN signal_group_members.share IS 'Share of what the account gets (the followers of one that is followed) or does (anybody else''s acts) that is the group''s; NULL where that has no meaning.';

COMMENT ON TABLE reviews IS
    'What people decided about accounts, with vouch label or in the delivered table labels. One row per decision and per delivered label; nothing is overwritten.';
COMMENT ON COLUMN reviews.account_id IS 'Id of the account on its platform, as text.';
COMMENT ON COLUMN reviews.handle IS 'Name that the account is called by, without @; NULL where the data has none.';
COMMENT ON COLUMN reviews.label IS 'genuine, shill, or withdrawn: the decision before it no longer stands.';
COMMENT ON COLUMN reviews.reviewer IS 'Who decided; for a delivered label its source, NULL where none is named.';
COMMENT ON COLUMN reviews.because IS 'The reviewer''s reason; NULL for a delivered label.';
COMMENT ON COLUMN reviews.reviewed_at IS 'When it was decided, UTC; NULL for a delivered label.';
COMMENT ON COLUMN reviews.is_current IS 'True for the one review of an account that stands: the newest decision, else what the delivered labels agree on.';
COMMENT ON COLUMN reviews.source IS 'review (kept by vouch label) or table (delivered with the data).';

COMMENT ON TABLE calibration IS
    'Whether the probability was recalibrated on the reviews that stand, and how it did on labels held out. One row.';
COMMENT ON COLUMN calibration.method IS 'platt (a line in log odds), isotonic (a rising curve, from 1,000 labels on), or none.';
COMMENT ON COLUMN calibration.why_not IS 'Why nothing was changed; NULL where something was.';
COMMENT ON COLUMN calibration.labels IS 'Reviews that stand, of accounts with at least one measured signal.';
COMMENT ON COLUMN calibration.shills IS 'How many of them say shill.';
COMMENT ON COLUMN calibration.slope IS 'Slope of the line: below 1 the measured log odds were too sure, above 1 not sure enough; NULL for other methods.';
COMMENT ON COLUMN calibration.brier_before IS 'Mean squared error on labels held out, as measured and at the base rate of the labels; NULL on too few labels.';
COMMENT ON COLUMN calibration.brier_after IS 'The same, recalibrated.';
COMMENT ON COLUMN calibration.calibration_error_before IS 'Mean distance of predicted and observed share over ten bins (ECE), as measured and at the base rate of the labels.';
COMMENT ON COLUMN calibration.calibration_error_after IS 'The same, recalibrated.';

COMMENT ON TABLE impersonation IS
    'Accounts whose name resembles that of another account with more history, newest snapshot. No part of any probability. One row per account that resembles another.';
COMMENT ON COLUMN impersonation.account_id IS 'Id of the account on its platform, as text.';
COMMENT ON COLUMN impersonation.handle IS 'Name that the account is called by, without @; NULL where the data has none.';
COMMENT ON COLUMN impersonation.resembles_account_id IS 'Id of the account that it resembles.';
COMMENT ON COLUMN impersonation.resembles_handle IS 'Name that the resembled account is called by.';
COMMENT ON COLUMN impersonation.kind IS 'resembles: no harmless cause was found; same_owner: the other follows it or names it, or both follow each other under one name; says_so: it calls itself a fan account, a parody or unofficial.';
COMMENT ON COLUMN impersonation.how IS 'looks_the_same, something_added, one_letter_off (handles), name_looks_the_same (the shown name in other characters) or mutual_namesakes.';
COMMENT ON COLUMN impersonation.created_at IS 'When the account was made, UTC.';
COMMENT ON COLUMN impersonation.resembles_created_at IS 'When the resembled account was made, UTC.';
COMMENT ON COLUMN impersonation.followers IS 'Its followers, claimed or seen, the larger.';
COMMENT ON COLUMN impersonation.resembles_followers IS 'Followers of the resembled account, likewise.';
COMMENT ON COLUMN impersonation.sentence IS 'What resembles what, in one plain sentence.';

COMMENT ON TABLE portfolio IS
    'The accounts that together reach the most of the audience, in order. One row per run × audience × plan × pick.';
COMMENT ON COLUMN portfolio.run_id IS 'Id of the run that made the row; see runs.';
COMMENT ON COLUMN portfolio.audience IS 'Name of the audience, as given in the data.';
COMMENT ON COLUMN portfolio.plan IS 'count: a number of partners was given; budget: an amount of money was given.';
COMMENT ON COLUMN portfolio.pick IS 'Place in the portfolio, 1 is chosen first.';
COMMENT ON COLUMN portfolio.account_id IS 'Id of the account on its platform, as text.';
COMMENT ON COLUMN portfolio.handle IS 'Name that the account is called by, without @; NULL where the data has none.';
COMMENT ON COLUMN portfolio.adds IS 'Trust-weighted cleaned audience that this pick reaches and the earlier ones do not.';
COMMENT ON COLUMN portfolio.adds_share IS 'adds ÷ the whole cleaned audience.';
COMMENT ON COLUMN portfolio.cumulative_reach IS 'Sum of adds up to this pick.';
COMMENT ON COLUMN portfolio.cumulative_share IS 'Sum of adds_share up to this pick.';
COMMENT ON COLUMN portfolio.bound_share IS 'Upper bound of the share that any portfolio of this size could reach.';
COMMENT ON COLUMN portfolio.price IS 'Price of one deliverable as given in the table rates; NULL where none is given.';
COMMENT ON COLUMN portfolio.cumulative_price IS 'Sum of prices up to this pick; NULL from the first pick on whose price is not known.';
COMMENT ON COLUMN portfolio.currency IS 'Currency of the price.';
COMMENT ON COLUMN portfolio.budget IS 'Budget of the plan; NULL for the plan count.';
COMMENT ON COLUMN portfolio.backup_account_id IS 'Account that replaces this pick best, should it fall away.';
COMMENT ON COLUMN portfolio.backup_handle IS 'Handle of the backup.';
COMMENT ON COLUMN portfolio.new_members IS 'Members of the audience, counted alike, whom this pick reaches and no earlier one does.';
COMMENT ON COLUMN portfolio.is_vetted IS 'False where hardly any candidate could be looked at for bought influence and none is recommended: vet the picks first.';
COMMENT ON COLUMN portfolio.cumulative_members IS 'Members whom the picks up to this one reach together.';
COMMENT ON COLUMN portfolio.cumulative_members_share IS 'cumulative_members ÷ all members of the audience.';

COMMENT ON TABLE audience_overlap IS
    'Pairs of candidates and the audience they share. One row per run × audience × pair. Low overlap is reach, high overlap is repetition.';
COMMENT ON COLUMN audience_overlap.run_id IS 'Id of the run that made the row; see runs.';
COMMENT ON COLUMN audience_overlap.audience IS 'Name of the audience, as given in the data.';
COMMENT ON COLUMN audience_overlap.account_id_a IS 'Id of the first account of the pair.';
COMMENT ON COLUMN audience_overlap.handle_a IS 'Handle of the first account.';
COMMENT ON COLUMN audience_overlap.account_id_b IS 'Id of the second account of the pair.';
COMMENT ON COLUMN audience_overlap.handle_b IS 'Handle of the second account.';
COMMENT ON COLUMN audience_overlap.shared_followers IS 'Audience members who follow both.';
COMMENT ON COLUMN audience_overlap.share_of_smaller IS 'shared_followers ÷ the smaller of the two accounts'' audience followers.';
COMMENT ON COLUMN audience_overlap.jaccard IS 'shared_followers ÷ audience members who follow at least one of the two.';
COMMENT ON COLUMN audience_overlap.exclusive_share_a IS 'Share of a''s audience followers who do not follow b.';
COMMENT ON COLUMN audience_overlap.exclusive_share_b IS 'Share of b''s audience followers who do not follow a.';

COMMENT ON TABLE rank_changes IS
    'What moved since the run before. One row per run × audience × account that entered, left or moved.';
COMMENT ON COLUMN rank_changes.run_id IS 'Id of the later run; see runs.';
COMMENT ON COLUMN rank_changes.previous_run_id IS 'Id of the run it is compared with.';
COMMENT ON COLUMN rank_changes.audience IS 'Name of the audience, as given in the data.';
COMMENT ON COLUMN rank_changes.account_id IS 'Id of the account on its platform, as text.';
COMMENT ON COLUMN rank_changes.handle IS 'Name that the account is called by, without @; NULL where the data has none.';
COMMENT ON COLUMN rank_changes.change IS 'entered, left or moved.';
COMMENT ON COLUMN rank_changes.rank_before IS 'Rank in the earlier run; NULL where the account entered.';
COMMENT ON COLUMN rank_changes.rank_after IS 'Rank in the later run; NULL where the account left.';
COMMENT ON COLUMN rank_changes.score_before IS 'Score in the earlier run.';
COMMENT ON COLUMN rank_changes.score_after IS 'Score in the later run.';
COMMENT ON COLUMN rank_changes.cause IS 'Part of the score that changed the most.';
COMMENT ON COLUMN rank_changes.cause_change IS 'By how much that part changed.';
COMMENT ON COLUMN rank_changes.is_within_range IS 'Whether the places before and after each lie in the rank range that the other run gave, so that the doubt in the figures explains the move; NULL where the account entered or left, and for runs of a Vouch that did not say.';
COMMENT ON COLUMN rank_changes.risk_signal IS 'Where cause is risk, the signal whose weight moved most between the two runs the way the risk did; NULL where the earlier run kept no evidence or no line moved that way.';

COMMENT ON TABLE communities IS
    'The groups of people inside an audience. One row per run × audience × community.';
COMMENT ON COLUMN communities.run_id IS 'Id of the run that made the row; see runs.';
COMMENT ON COLUMN communities.audience IS 'Name of the audience, as given in the data.';
COMMENT ON COLUMN communities.community IS 'Number of the community; −1 gathers those too small to stand alone.';
COMMENT ON COLUMN communities.members IS 'Audience members in the community.';
COMMENT ON COLUMN communities.members_cleaned IS 'The same, each member counted by its weight after cleaning.';
COMMENT ON COLUMN communities.name IS 'Name made from what the members share, then from the voices that set the community apart.';
COMMENT ON COLUMN communities.terms IS 'Words that the members'' profiles or posts share, the most telling first.';
COMMENT ON COLUMN communities.stability IS 'How much of the community is found again when the ties are varied by chance, 0 to 1 (mean best Jaccard).';
COMMENT ON COLUMN communities.top_voices IS 'Handles of the voices that set the community apart.';
COMMENT ON COLUMN communities.is_small IS 'True where the community holds less than a tenth of the members, so that its voices hardly show in the whole list.';
COMMENT ON COLUMN communities.internal_share IS 'Share of the members'' ties, by their strength, that stays inside the community.';

COMMENT ON TABLE community_voices IS
    'Whom each community trusts. One row per run × audience × community × account.';
COMMENT ON COLUMN community_voices.run_id IS 'Id of the run that made the row; see runs.';
COMMENT ON COLUMN community_voices.audience IS 'Name of the audience, as given in the data.';
COMMENT ON COLUMN community_voices.community IS 'Number of the community inside the audience; see communities. NULL where the account belongs to none.';
COMMENT ON COLUMN community_voices.account_id IS 'Id of the account on its platform, as text.';
COMMENT ON COLUMN community_voices.handle IS 'Name that the account is called by, without @; NULL where the data has none.';
COMMENT ON COLUMN community_voices.followers_in_community IS 'Members of the community who follow the account.';
COMMENT ON COLUMN community_voices.share IS 'Share of the community''s cleaned weight, the account''s own left out, that follows the account.';
COMMENT ON COLUMN community_voices.lift IS 'share ÷ the share of the whole audience''s cleaned weight that follows the account.';
COMMENT ON COLUMN community_voices.position IS 'Place among the voices of the community, 1 is the first.';
COMMENT ON COLUMN community_voices.rank_overall IS 'Rank of the account in the audience''s whole list.';
COMMENT ON COLUMN community_voices.is_hidden_by_the_list IS 'True where the whole list places the account so far down that nobody would see it, or leaves it out.';

COMMENT ON TABLE audience_members IS
    'The members of each audience of the newest run with the weight that each one counts with, and why. One row per run × audience × member. Personal data: whoever has this file knows who is on the list.';
COMMENT ON COLUMN audience_members.run_id IS 'Id of the run that made the row; see runs.';
COMMENT ON COLUMN audience_members.audience IS 'Name of the audience, as given in the data.';
COMMENT ON COLUMN audience_members.account_id IS 'Id of the account on its platform, as text.';
COMMENT ON COLUMN audience_members.handle IS 'Name that the account is called by, without @; NULL where the data has none.';
COMMENT ON COLUMN audience_members.stated_weight IS 'Weight that the list itself gives the member; 1 where it gives none.';
COMMENT ON COLUMN audience_members.weight IS 'Weight after cleaning: stated_weight × the factors below. NULL where the run kept no weights.';
COMMENT ON COLUMN audience_members.attention_factor IS 'Less than 1 for those who follow masses, so that each of their follows says little.';
COMMENT ON COLUMN audience_members.profile_factor IS 'Less than 1 for profiles that look empty or unusual.';
COMMENT ON COLUMN audience_members.lockstep_factor IS 'Less than 1 for members who act in step with others.';
COMMENT ON COLUMN audience_members.reason IS 'The factor that took the most, named only where it is below 0.8: stated_weight, mass_following, empty_profile, suspicious_profile or lockstep; else nearly_full, or full_weight where nothing was taken. A reason to count less, no verdict.';
COMMENT ON COLUMN audience_members.community IS 'Number of the community inside the audience; see communities. NULL where the account belongs to none.';

COMMENT ON TABLE own_accounts IS
    'How the accounts that an audience is built on (the brand''s own) talk with it, newest run. One row per run × audience × account.';
COMMENT ON COLUMN own_accounts.run_id IS 'Id of the run that made the row; see runs.';
COMMENT ON COLUMN own_accounts.audience IS 'Name of the audience, as given in the data.';
COMMENT ON COLUMN own_accounts.account_id IS 'Id of the account on its platform, as text.';
COMMENT ON COLUMN own_accounts.handle IS 'Name that the account is called by, without @; NULL where the data has none.';
COMMENT ON COLUMN own_accounts.conversation IS 'From broadcast, 0, to conversation with the audience, 1: whether the account answers, addresses somebody, and is spoken to again. NULL where too little is seen.';
COMMENT ON COLUMN own_accounts.conversation_low IS 'Lower end of the interval of conversation.';
COMMENT ON COLUMN own_accounts.conversation_high IS 'Upper end of the interval of conversation.';
COMMENT ON COLUMN own_accounts.output_posts IS 'Posts and directed acts of the account that were seen.';
COMMENT ON COLUMN own_accounts.directed_share IS 'Share of what the account sends out, copies counted once, that is addressed to one person or a few.';
COMMENT ON COLUMN own_accounts.replies_received IS 'Times that audience members spoke to the account.';
COMMENT ON COLUMN own_accounts.replies_answered IS 'How many of these the account answered.';
COMMENT ON COLUMN own_accounts.answer_rate IS 'replies_answered ÷ replies_received.';
COMMENT ON COLUMN own_accounts.answer_rate_low IS 'Lower end of the interval of answer_rate.';
COMMENT ON COLUMN own_accounts.answer_rate_high IS 'Upper end of the interval of answer_rate.';
COMMENT ON COLUMN own_accounts.answer_delay_hours IS 'Hours until an answer, the middle one (median).';
COMMENT ON COLUMN own_accounts.answers IS 'Answers of the account that have a text, to anybody.';
COMMENT ON COLUMN own_accounts.distinct_answer_share IS 'Different wordings ÷ answers that have a text; near-duplicates count once.';
COMMENT ON COLUMN own_accounts.dyads IS 'Audience members who spoke to the account and were answered.';
COMMENT ON COLUMN own_accounts.returning_dyads IS 'How many of these spoke to it in at least two different weeks.';
COMMENT ON COLUMN own_accounts.shared_community_share IS 'Share of these, where it is known, who belong to the same community as the account.';
COMMENT ON COLUMN own_accounts.clockwork_share IS 'Share of its output that looks like a machine''s, by its times and its repeats; NULL on too few moments.';
COMMENT ON COLUMN own_accounts.state IS 'measured or not_enough_data.';
COMMENT ON COLUMN own_accounts.tone IS 'Tone of the messages between members and the account, −1 to 1. Coarse, and never part of the score.';
COMMENT ON COLUMN own_accounts.tone_low IS 'Lower end of the interval of tone.';
COMMENT ON COLUMN own_accounts.tone_high IS 'Upper end of the interval of tone.';
COMMENT ON COLUMN own_accounts.tone_messages IS 'Messages between members and the account with any sign of liking or dislike: what tone rests on.';
COMMENT ON COLUMN own_accounts.tone_coverage IS 'tone_messages ÷ all messages between members and the account.';
COMMENT ON COLUMN own_accounts.example_post_ids IS 'Ids of posts behind the figures.';
COMMENT ON COLUMN own_accounts.speakers IS 'Audience members who sent the messages of replies_received.';

COMMENT ON TABLE advocates IS
    'Who named a brand unpaid and of their own accord, with dates, newest run. Posts that clearly read negative are left out; a mention need not be praise. One row per run × audience × account × brand.';
COMMENT ON COLUMN advocates.run_id IS 'Id of the run that made the row; see runs.';
COMMENT ON COLUMN advocates.audience IS 'Name of the audience, as given in the data.';
COMMENT ON COLUMN advocates.account_id IS 'Id of the account on its platform, as text.';
COMMENT ON COLUMN advocates.handle IS 'Name that the account is called by, without @; NULL where the data has none.';
COMMENT ON COLUMN advocates.brand IS 'The brand, or the category, that is spoken of.';
COMMENT ON COLUMN advocates.is_member IS 'True where the account is a member of the audience.';
COMMENT ON COLUMN advocates.is_candidate IS 'True where the account is ranked for the audience.';
COMMENT ON COLUMN advocates.first_at IS 'First time that the account spoke of the brand, UTC.';
COMMENT ON COLUMN advocates.last_at IS 'Last time, UTC.';
COMMENT ON COLUMN advocates.posts IS 'Posts that name the brand, unpaid as far as the post shows, and do not clearly read negative.';
COMMENT ON COLUMN advocates.weeks IS 'Different weeks in which it did.';
COMMENT ON COLUMN advocates.first_paid_at IS 'First post about the brand that was or looked paid, UTC; NULL where none was seen.';
COMMENT ON COLUMN advocates.is_before_paid IS 'True where the account spoke of the brand before anything paid was seen.';
COMMENT ON COLUMN advocates.example_post_ids IS 'Ids of posts behind the figures.';

COMMENT ON TABLE brand_talk IS
    'Talk about a brand among the members of an audience, told apart from what the brand pushes itself, newest run. One row per run × audience × brand.';
COMMENT ON COLUMN brand_talk.run_id IS 'Id of the run that made the row; see runs.';
COMMENT ON COLUMN brand_talk.audience IS 'Name of the audience, as given in the data.';
COMMENT ON COLUMN brand_talk.brand IS 'The brand, or the category, that is spoken of.';
COMMENT ON COLUMN brand_talk.brand_posts IS 'Posts of the brand''s own accounts.';
COMMENT ON COLUMN brand_talk.pushed_events IS 'Acts of members on the brand''s own posts.';
COMMENT ON COLUMN brand_talk.pushed_voices IS 'Members behind these, each counted once.';
COMMENT ON COLUMN brand_talk.member_posts IS 'Members'' own posts that name the brand.';
COMMENT ON COLUMN brand_talk.member_voices IS 'Members behind these, each counted once.';
COMMENT ON COLUMN brand_talk.member_to_member_events IS 'Times that one member spoke to another about the brand.';
COMMENT ON COLUMN brand_talk.member_to_member_voices IS 'Members behind these, each counted once.';
COMMENT ON COLUMN brand_talk.member_talk_share IS 'Share of all talk about the brand that members started themselves.';
COMMENT ON COLUMN brand_talk.weeks IS 'Different weeks in which members spoke of the brand.';
COMMENT ON COLUMN brand_talk.communities IS 'Different communities of the audience that they belong to; NULL where not known.';
COMMENT ON COLUMN brand_talk.sentence IS 'The same in one plain sentence.';

COMMENT ON TABLE momentum IS
    'Trends over the runs of an audience, newest run. One row per run × audience × account × quantity.';
COMMENT ON COLUMN momentum.run_id IS 'Id of the run that made the row; see runs.';
COMMENT ON COLUMN momentum.audience IS 'Name of the audience, as given in the data.';
COMMENT ON COLUMN momentum.account_id IS 'Id of the account on its platform, as text.';
COMMENT ON COLUMN momentum.handle IS 'Name that the account is called by, without @; NULL where the data has none.';
COMMENT ON COLUMN momentum.quantity IS 'The figure that is followed, for example reach_share_cleaned, trust, answer_rate, word_of_mouth_share, listening_to_sharing.';
COMMENT ON COLUMN momentum.runs IS 'Runs that the trend rests on.';
COMMENT ON COLUMN momentum.first_as_of IS 'Day of the first of these runs.';
COMMENT ON COLUMN momentum.last_as_of IS 'Day of the last.';
COMMENT ON COLUMN momentum.change_per_30_days IS 'Change of the figure per 30 days, beyond what the candidates have in common.';
COMMENT ON COLUMN momentum.change_low IS 'Lower end of the interval of the change.';
COMMENT ON COLUMN momentum.change_high IS 'Upper end of the interval of the change.';
COMMENT ON COLUMN momentum.z IS 'How unusual the change would be by chance, as a normal deviate.';
COMMENT ON COLUMN momentum.direction IS 'rising, steady, falling or not_enough_data.';
COMMENT ON COLUMN momentum.decayed_mean IS 'Level of the figure over the runs, recent ones counting more; known from one run on.';

COMMENT ON TABLE growth IS
    'Bursts of followers, newest snapshot. One row per burst. A class is words for evidence with a probability, never a verdict.';
COMMENT ON COLUMN growth.account_id IS 'Id of the account on its platform, as text.';
COMMENT ON COLUMN growth.handle IS 'Name that the account is called by, without @; NULL where the data has none.';
COMMENT ON COLUMN growth.source IS 'What it was read from: follow_times, snapshots or follow_order.';
COMMENT ON COLUMN growth.class IS 'explained: a harmless cause goes with it. unusual: no cause, and it repeats or who came looks unusual. bombed: reads as sent by others, and is not held against the account. unclear: neither.';
COMMENT ON COLUMN growth.burst_day IS 'Its first day, UTC; for follow_order the earliest that it can have been.';
COMMENT ON COLUMN growth.arrivals IS 'Followers gained beyond the usual.';
COMMENT ON COLUMN growth.typical_per_day IS 'Followers gained per day in the weeks around it; NULL where the source does not say.';
COMMENT ON COLUMN growth.explained_by IS 'Harmless cause that was found: viral_post, large_mention, call_to_follow or network_growth; NULL where none was.';
COMMENT ON COLUMN growth.unusual_share IS 'Share of unusual profiles among those who came; NULL where it is not known who did.';
COMMENT ON COLUMN growth.removed_share IS 'Share of those who came that left again or were removed; NULL where not known.';
COMMENT ON COLUMN growth.sentence IS 'The burst in plain words, the harmless cause first.';
COMMENT ON COLUMN growth.last_day IS 'Its last day, UTC.';
COMMENT ON COLUMN growth.share_of_followers IS 'What the burst brought above the upper quantile of usual days ÷ all followers.';
COMMENT ON COLUMN growth.explained_share IS 'Share of the burst that the harmless cause explains; 0 where none was found.';
COMMENT ON COLUMN growth.probability IS 'How sure the class is, from what was seen; the explained share for explained ones.';

COMMENT ON TABLE bios IS
    'What candidates say of themselves in public, to search in; nobody else''s is kept. One row per candidate with a bio.';
COMMENT ON COLUMN bios.account_id IS 'Id of the account on its platform, as text.';
COMMENT ON COLUMN bios.handle IS 'Name that the account is called by, without @; NULL where the data has none.';
COMMENT ON COLUMN bios.bio IS 'The text as it was delivered: a stranger''s words, to be made safe wherever it is shown.';

COMMENT ON TABLE follower_history IS
    'Followers of each candidate over time, as counted on its profile or as far as the times of its follows tell. One row per account × day, thinned to some sixty.';
COMMENT ON COLUMN follower_history.account_id IS 'Id of the account on its platform, as text.';
COMMENT ON COLUMN follower_history.handle IS 'Name that the account is called by, without @; NULL where the data has none.';
COMMENT ON COLUMN follower_history.day IS 'The day, UTC.';
COMMENT ON COLUMN follower_history.followers IS 'Followers at the end of what is known of that day.';
COMMENT ON COLUMN follower_history.source IS 'snapshots: counts read from the profile; follow_times: followers in the data whose times are known, those who left taken off.';

COMMENT ON TABLE example_posts IS
    'The posts that evidence, advocates and own_accounts give as examples. One row per post.';
COMMENT ON COLUMN example_posts.post_id IS 'Id of the post on its platform, as text.';
COMMENT ON COLUMN example_posts.author_id IS 'Id of the account that wrote it.';
COMMENT ON COLUMN example_posts.author_handle IS 'Name that its author is called by, without @; NULL where the data has none.';
COMMENT ON COLUMN example_posts.platform IS 'Platform of its author, as given in the data.';
COMMENT ON COLUMN example_posts.posted_at IS 'When it was posted, UTC.';
COMMENT ON COLUMN example_posts.text IS 'What it says, as delivered: text of a stranger, so escape it wherever it is shown.';
COMMENT ON COLUMN example_posts.is_paid_label IS 'Whether the platform itself labels it as paid; NULL where not known.';

COMMENT ON TABLE graph.accounts IS
    'The accounts that audiences and candidates touch. One row per account. Who is in which audience says audience_members.';
COMMENT ON COLUMN graph.accounts.node IS 'Number of the account in the graph of its network, dense and ordered by account_id.';
COMMENT ON COLUMN graph.accounts.account_id IS 'Id of the account on its platform, as text.';
COMMENT ON COLUMN graph.accounts.handle IS 'Name that the account is called by, without @; NULL where the data has none.';
COMMENT ON COLUMN graph.accounts.display_name IS 'Name that the account shows; written by a stranger, so treat it as text only.';
COMMENT ON COLUMN graph.accounts.platform IS 'Platform of the account, as given in the data.';
COMMENT ON COLUMN graph.accounts.language IS 'Language of the account, as given in the data.';
COMMENT ON COLUMN graph.accounts.is_verified IS 'True where the platform marks the account as verified.';
COMMENT ON COLUMN graph.accounts.followers_count IS 'Followers that the profile claims; NULL where the data does not say.';
COMMENT ON COLUMN graph.accounts.following_count IS 'Accounts that the profile claims to follow.';
COMMENT ON COLUMN graph.accounts.posts_count IS 'Posts that the profile claims.';
COMMENT ON COLUMN graph.accounts.is_listed IS 'True where the account stood in the table accounts, false where only a tie names it.';
COMMENT ON COLUMN graph.accounts.profile_type IS 'real, mass, influencer, dormant, suspicious or unknown: what the profile looks like.';
COMMENT ON COLUMN graph.accounts.is_in_audience IS 'True where the account is a member of any audience.';
COMMENT ON COLUMN graph.accounts.is_candidate IS 'True where the account is ranked for any audience.';

COMMENT ON TABLE graph.names IS
    'The names by which an account can be looked up. One row per name × account, sorted by name; made while publishing.';
COMMENT ON COLUMN graph.names.name IS 'Id or handle in the form that name_key() gives.';
COMMENT ON COLUMN graph.names.account_id IS 'Id of the account on its platform, as text.';
COMMENT ON COLUMN graph.names.handle IS 'Name that the account is called by, without @; NULL where the data has none.';
COMMENT ON COLUMN graph.names.node IS 'Number of the account in graph.accounts; NULL where the graph does not hold it.';

COMMENT ON TABLE graph.degrees IS
    'How many follows of this file lead to and from each account. One row per node; made while publishing.';
COMMENT ON COLUMN graph.degrees.node IS 'Number of the account in the graph of its network, dense and ordered by account_id.';
COMMENT ON COLUMN graph.degrees.followers IS 'Accounts of this file that follow the node.';
COMMENT ON COLUMN graph.degrees.following IS 'Accounts of this file that the node follows.';

COMMENT ON TABLE graph.adjacency IS
    'Who follows whom, seen from both ends. One row per ordered pair joined by at least one follow, sorted by source, so that a look-up reads little. Of more than ten million follows those of candidates come first, then those between members, then those of others; of what does not fit all follows of some accounts are here, and quality.coverage says how many.';
COMMENT ON COLUMN graph.adjacency.source IS 'Node at this end.';
COMMENT ON COLUMN graph.adjacency.target IS 'Node at the other end.';
COMMENT ON COLUMN graph.adjacency.is_following IS 'True where source follows target.';
COMMENT ON COLUMN graph.adjacency.is_follower IS 'True where target follows source; with is_following the tie is mutual.';

COMMENT ON TABLE graph.interactions IS
    'Who spoke to or of whom. One row per actor × target × kind, sorted by actor.';
COMMENT ON COLUMN graph.interactions.actor IS 'Node that acted.';
COMMENT ON COLUMN graph.interactions.target IS 'Node that it acted on.';
COMMENT ON COLUMN graph.interactions.kind IS 'like, reply, repost, quote or mention.';
COMMENT ON COLUMN graph.interactions.events IS 'How often.';
COMMENT ON COLUMN graph.interactions.first_at IS 'First time, UTC; NULL without times.';
COMMENT ON COLUMN graph.interactions.last_at IS 'Last time, UTC; NULL without times.';

COMMENT ON TABLE quality.rejects IS
    'Input rows that broke the contract and were left out. One row per row × rule.';
COMMENT ON COLUMN quality.rejects.network IS 'Name of the network (data set) that the row belongs to.';
COMMENT ON COLUMN quality.rejects.as_of IS 'Day of the network snapshot that the row describes.';
COMMENT ON COLUMN quality.rejects.table_name IS 'Table of the input contract.';
COMMENT ON COLUMN quality.rejects.file IS 'File that the row was read from.';
COMMENT ON COLUMN quality.rejects.line IS 'Line in the file, counted from 1; row number for Parquet.';
COMMENT ON COLUMN quality.rejects.column_name IS 'Column at fault.';
COMMENT ON COLUMN quality.rejects.value IS 'What stood there.';
COMMENT ON COLUMN quality.rejects.rule IS 'Rule that it breaks.';

COMMENT ON TABLE quality.coverage IS
    'How much of the truth the data holds. One row per network × day × subject × measure.';
COMMENT ON COLUMN quality.coverage.network IS 'Name of the network (data set) that the row belongs to.';
COMMENT ON COLUMN quality.coverage.as_of IS 'Day of the network snapshot that the row describes.';
COMMENT ON COLUMN quality.coverage.subject IS 'What the figure speaks of: accounts, follows, profiles, signals; rows: rows of the input that were refused; withheld: rows left out or without figures for privacy.';
COMMENT ON COLUMN quality.coverage.measure IS 'Name of the figure.';
COMMENT ON COLUMN quality.coverage.value IS 'The figure; shares from 0 to 1.';
COMMENT ON COLUMN quality.coverage.n IS 'Rows that the figure rests on.';
COMMENT ON COLUMN quality.coverage.sentence IS 'What the figure means, in one plain sentence.';

COMMENT ON TABLE quality.balance IS
    'Where every input row went: rows_in = rows_kept + rows_merged + rows_rejected + rows_after_as_of + rows_forgotten. One row per network × day × table.';
COMMENT ON COLUMN quality.balance.network IS 'Name of the network (data set) that the row belongs to.';
COMMENT ON COLUMN quality.balance.as_of IS 'Day of the network snapshot that the row describes.';
COMMENT ON COLUMN quality.balance.table_name IS 'Table of the input contract.';
COMMENT ON COLUMN quality.balance.files IS 'Files that were read.';
COMMENT ON COLUMN quality.balance.rows_in IS 'Rows in the files.';
COMMENT ON COLUMN quality.balance.rows_kept IS 'Rows that were used.';
COMMENT ON COLUMN quality.balance.rows_merged IS 'Rows that repeated another and were merged with it.';
COMMENT ON COLUMN quality.balance.rows_rejected IS 'Rows that broke the contract; see quality.rejects.';
COMMENT ON COLUMN quality.balance.rows_after_as_of IS 'Rows that happened after the snapshot day and were left out.';
COMMENT ON COLUMN quality.balance.values_refused IS 'Refused values of optional columns whose rows were kept.';
COMMENT ON COLUMN quality.balance.columns_present IS 'Columns of the contract that the data has.';
COMMENT ON COLUMN quality.balance.rows_forgotten IS 'Rows of or about persons whom the home has forgotten, which were left out; NULL in a file of before there were any.';

COMMENT ON TABLE quality.checks IS
    'What was checked on the way here. One row per run × asset × check.';
COMMENT ON COLUMN quality.checks.run_id IS 'Id of the run that made the row; see runs.';
COMMENT ON COLUMN quality.checks.asset IS 'Asset that was checked.';
COMMENT ON COLUMN quality.checks.check_name IS 'Name of the check.';
COMMENT ON COLUMN quality.checks.passed IS 'True where nothing broke the rule.';
COMMENT ON COLUMN quality.checks.severity IS 'ERROR stops a run, WARN does not.';
COMMENT ON COLUMN quality.checks.detail IS 'What was found.';
