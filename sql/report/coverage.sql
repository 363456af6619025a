-- Makes how much of the truth the data holds. Shares of refused rows stand in balance.sql with their counts.
-- From: quality.coverage. Grain: one row per subject × measure.

SELECT subject, measure, value, n, sentence
FROM quality.coverage
WHERE network = $network AND as_of = $as_of::DATE AND subject <> 'rows'
ORDER BY subject, measure
