-- The books of the newest day's tables, as published. From: inputs balance. Parameters: network, day.
-- Grain: one row per input table.
SELECT
    CAST($network AS VARCHAR) AS network,
    CAST($day AS DATE) AS as_of,
    balance.*
FROM balance
