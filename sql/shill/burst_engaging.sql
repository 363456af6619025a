-- How many of those who came in a burst of followers ever engaged with the account that they came to.
-- From: bursts (burst, node), burst_followers (burst, follower); graph interactions.
-- Grain: one row per burst that is known to have brought somebody.
SELECT
    burst_followers.burst,
    count(*) AS arrivals,
    count(*) FILTER (
        WHERE EXISTS (
            SELECT 1
            FROM interactions
            WHERE interactions.actor = burst_followers.follower AND interactions.target = bursts.node
        )
    ) AS engaging
FROM burst_followers
INNER JOIN bursts ON burst_followers.burst = bursts.burst
GROUP BY burst_followers.burst
ORDER BY burst_followers.burst
