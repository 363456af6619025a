-- Makes the comments of the views and their columns. From: the objects of views.sql.
-- The columns of ranked_partners say what partner_rankings says; a test holds the two together.

COMMENT ON VIEW latest_runs IS
    'The newest run of each audience, for the network that ran last. One row per audience.';
COMMENT ON COLUMN latest_runs.run_id IS 'Id of the run that made the row; see runs.';
COMMENT ON COLUMN latest_runs.network IS 'Name of the network (data set) that the row belongs to.';
COMMENT ON COLUMN latest_runs.audience IS 'Name of the audience, as given in the data.';
COMMENT ON COLUMN latest_runs.as_of IS 'Day of the network snapshot that the row describes.';

COMMENT ON VIEW ranked_partners IS
    'The newest ranking of each audience, best first. One row per audience × candidate; the columns are those of partner_rankings.';
COMMENT ON COLUMN ranked_partners.run_id IS 'Id of the run that made the row; see runs.';
COMMENT ON COLUMN ranked_partners.network IS 'Name of the network (data set) that the row belongs to.';
COMMENT ON COLUMN ranked_partners.audience IS 'Name of the audience, as given in the data.';
COMMENT ON COLUMN ranked_partners.as_of IS 'Day of the network snapshot that the row describes.';
COMMENT ON COLUMN ranked_partners.rank IS 'Place in the ranking, 1 is the best. Everybody listed has one, also where the status is not_enough_data.';
COMMENT ON COLUMN ranked_partners.rank_low IS 'Best place that the data supports (lower end of the rank interval).';
COMMENT ON COLUMN ranked_partners.rank_high IS 'Worst place that the data supports (upper end of the rank interval).';
COMMENT ON COLUMN ranked_partners.account_id IS 'Id of the account on its platform, as text.';
COMMENT ON COLUMN ranked_partners.handle IS 'Name that the account is called by, without @; NULL where the data has none.';
COMMENT ON COLUMN ranked_partners.display_name IS 'Name that the account shows; written by a stranger, so treat it as text only.';
COMMENT ON COLUMN ranked_partners.platform IS 'Platform of the account, as given in the data.';
COMMENT ON COLUMN ranked_partners.language IS 'Language of the account, as given in the data.';
COMMENT ON COLUMN ranked_partners.status IS 'recommended, watch, avoid or not_enough_data.';
COMMENT ON COLUMN ranked_partners.status_reason IS 'The quantity that decided the status: all_bars_met, shill_probability_low, shill_probability_high, lift_low, lift_not_measured, trust_not_measured, n_signals, audience_followers or audience_size.';
COMMENT ON COLUMN ranked_partners.score IS 'trust_low × (1 − shill_probability_high): what is left when trust is taken at its lower and risk at its upper bound.';
COMMENT ON COLUMN ranked_partners.followers_count IS 'Followers that the profile claims; NULL where the data does not say.';
COMMENT ON COLUMN ranked_partners.size_tier IS 'nano < 10,000 followers ≤ micro < 100,000 ≤ mid < 500,000 ≤ macro < 1,000,000 ≤ mega.';
COMMENT ON COLUMN ranked_partners.audience_size IS 'Members of the audience that the network knows.';
COMMENT ON COLUMN ranked_partners.audience_followers IS 'Audience members who follow the candidate, counted.';
COMMENT ON COLUMN ranked_partners.audience_followers_cleaned IS 'The same, each member counted by its weight after cleaning.';
COMMENT ON COLUMN ranked_partners.reach_share IS 'audience_followers ÷ audience_size.';
COMMENT ON COLUMN ranked_partners.reach_share_low IS 'Lower end of the 95 % interval of reach_share (Wilson).';
COMMENT ON COLUMN ranked_partners.reach_share_high IS 'Upper end of the 95 % interval of reach_share (Wilson).';
COMMENT ON COLUMN ranked_partners.reach_share_cleaned IS 'Share of the cleaned audience''s weight that follows the candidate.';
COMMENT ON COLUMN ranked_partners.baseline_share IS 'Share of comparable accounts outside the audience who follow the candidate.';
COMMENT ON COLUMN ranked_partners.lift IS 'How many times more of the audience than of comparable accounts follows the candidate.';
COMMENT ON COLUMN ranked_partners.lift_low IS 'Lower end of the interval of lift.';
COMMENT ON COLUMN ranked_partners.lift_high IS 'Upper end of the interval of lift.';
COMMENT ON COLUMN ranked_partners.log_odds_z IS 'z of the log odds of audience against baseline, with an informative prior (Monroe, Colaresi, Quinn 2008).';
COMMENT ON COLUMN ranked_partners.endorsement IS 'Personalised PageRank from the audience with its own restart taken out, × log of lift; 0 where lift ≤ 1.';
COMMENT ON COLUMN ranked_partners.conversation IS 'Share of the candidate''s activity that is exchange with persons rather than broadcast; NULL where it was not measured.';
COMMENT ON COLUMN ranked_partners.word_of_mouth_voices IS 'Audience members who mentioned, quoted or reposted the candidate, each counted once.';
COMMENT ON COLUMN ranked_partners.word_of_mouth_voices_cleaned IS 'The same, each member counted by its weight after cleaning.';
COMMENT ON COLUMN ranked_partners.word_of_mouth_weeks IS 'Weeks in which at least one of these voices spoke.';
COMMENT ON COLUMN ranked_partners.trust IS 'Weighted mean of the parts that could be measured, 0 to 1.';
COMMENT ON COLUMN ranked_partners.trust_low IS 'Lower end of the interval of trust, from resampling the audience.';
COMMENT ON COLUMN ranked_partners.trust_high IS 'Upper end of the interval of trust, from resampling the audience.';
COMMENT ON COLUMN ranked_partners.endorsement_part IS 'Part of trust that endorsement gives, 0 to 1.';
COMMENT ON COLUMN ranked_partners.affinity_part IS 'Part of trust that lift_low gives, 0 to 1.';
COMMENT ON COLUMN ranked_partners.word_of_mouth_part IS 'Part of trust that word of mouth gives, 0 to 1.';
COMMENT ON COLUMN ranked_partners.authenticity_part IS '1 − shill_probability_high: the factor by which risk lowers the score.';
COMMENT ON COLUMN ranked_partners.shill_probability IS 'Probability that the influence is bought, joined from the measured signals. A signal to look into, no verdict.';
COMMENT ON COLUMN ranked_partners.shill_probability_low IS 'Lower end of the interval of shill_probability.';
COMMENT ON COLUMN ranked_partners.shill_probability_high IS 'Upper end of the interval of shill_probability.';
COMMENT ON COLUMN ranked_partners.signals_measured IS 'Shill signals that had enough data on the account.';
COMMENT ON COLUMN ranked_partners.community IS 'Number of the community inside the audience; see communities. NULL where the account belongs to none.';
COMMENT ON COLUMN ranked_partners.is_pick IS 'True where the account is in a portfolio, by count or by budget.';
COMMENT ON COLUMN ranked_partners.price IS 'Price of one deliverable as given in the table rates; NULL where none is given.';
COMMENT ON COLUMN ranked_partners.currency IS 'Currency of the price.';
COMMENT ON COLUMN ranked_partners.attention_basis IS
    'What following means here: follows, or interactions (repost, quote, mention, reply) where no follows were delivered.';
