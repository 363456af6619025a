-- Interactions between accounts of the published graph. From: graph interactions, touched.
-- Grain: one row per actor, target and kind.
SELECT interactions.*
FROM interactions
WHERE
    interactions.actor IN (SELECT node FROM touched)
    AND interactions.target IN (SELECT node FROM touched)
