-- Makes: the members of the audiences that are derived from their owners. Grain: one row per audience × member.
-- From: `owners` (audience, account_id, relation), `follows`, `interactions`. Owners are not members.
WITH reached AS (
    SELECT
        owners.audience,
        follows.follower_id AS account_id,
        follows.followed_at AS since
    FROM owners
    INNER JOIN follows ON owners.account_id = follows.followee_id
    WHERE owners.relation = 'followers_of' AND follows.unfollowed_at IS NULL
    UNION ALL
    SELECT
        owners.audience,
        interactions.actor_id AS account_id,
        interactions.occurred_at AS since
    FROM owners
    INNER JOIN interactions ON owners.account_id = interactions.target_id
    WHERE owners.relation = 'engaged_with'
)

SELECT
    audience,
    account_id,
    min(since) AS since
FROM reached
ANTI JOIN owners USING (audience, account_id)
GROUP BY audience, account_id
ORDER BY audience, account_id
