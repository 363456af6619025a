-- The refused values of the newest day, as published. From: inputs rejects. Parameters: network, day.
-- Grain: one row per refused value or record.
SELECT
    CAST($network AS VARCHAR) AS network,
    CAST($day AS DATE) AS as_of,
    rejects.*
FROM rejects
