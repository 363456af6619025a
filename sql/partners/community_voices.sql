-- The voices that each group of an audience follows more than the whole audience does, as published, with their
-- rank in the whole list. Even the lower bound of the share inside the group must exceed the share in the audience.
-- An account that the list does not rank (too few followers in all, or beyond its length) is a voice like any other.
-- The order is cautious: by the lower bound of the share times the log of the lift, so that two of three do not come
-- before eighty of a hundred.
-- From: community_candidates, graph accounts, candidates (node, rank), owners, inputs brands. Parameters: run_id,
-- audience, most_voices, list_length, fewest_followers, least_share.
-- Grain: one row per community and account.
SELECT
    CAST($run_id AS VARCHAR) AS run_id,
    CAST($audience AS VARCHAR) AS audience,
    voices.community,
    accounts.account_id,
    accounts.handle,
    voices.followers AS followers_in_community,
    voices.share,
    voices.lift,
    row_number() OVER (
        PARTITION BY voices.community
        ORDER BY voices.share_low * ln(1 + voices.lift) DESC, accounts.account_id
    ) AS position,
    CAST(candidates.rank AS INTEGER) AS rank_overall,
    coalesce(candidates.rank > $list_length, TRUE) AS is_hidden_by_the_list
FROM community_candidates AS voices
INNER JOIN accounts ON voices.node = accounts.node
LEFT JOIN candidates ON voices.node = candidates.node
WHERE
    voices.share_low * voices.lift > voices.share
    AND voices.followers >= $fewest_followers
    AND voices.share >= $least_share
    AND voices.node NOT IN (SELECT node FROM owners)
    AND accounts.account_id NOT IN (SELECT account_id FROM brands WHERE account_id IS NOT NULL)
QUALIFY position <= $most_voices
ORDER BY voices.community, position
