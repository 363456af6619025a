-- Makes for how many candidates of one audience each figure of the ranking is not known.
-- From: ranked_partners. Grain: one row; a column per figure, and candidates in all.

SELECT
    count(*) AS candidates,
    count(*) FILTER (reach_share IS NULL) AS reach_share,
    count(*) FILTER (lift IS NULL) AS lift,
    count(*) FILTER (trust IS NULL) AS trust,
    count(*) FILTER (shill_probability IS NULL OR signals_measured = 0) AS shill_probability,
    count(*) FILTER (conversation IS NULL) AS conversation,
    count(*) FILTER (word_of_mouth_voices IS NULL) AS word_of_mouth_voices,
    count(*) FILTER (followers_count IS NULL) AS followers_count,
    count(*) FILTER (price IS NULL AND other_price IS NULL) AS price,
    count(other_price) AS other_price
FROM ranked_partners
WHERE audience = $audience
