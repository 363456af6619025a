-- Makes the talk about brands inside one audience, the most talked about first, at most $rows.
-- From: brand_talk. Grain: one row per brand.

SELECT brand, sentence, pushed_events, member_posts, member_to_member_events, member_talk_share
FROM brand_talk
WHERE audience = $audience AND run_id = $run_id
ORDER BY coalesce(member_posts, 0) + coalesce(pushed_events, 0) DESC, brand
LIMIT $rows::BIGINT
