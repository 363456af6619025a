-- Makes the shares of the network that the data show, where less means that less is known.
-- From: quality.coverage, latest_runs. Grain: one row per measure.

SELECT coverage.measure, coverage.value, coverage.sentence
FROM quality.coverage AS coverage
WHERE
    coverage.network IN (SELECT latest.network FROM latest_runs AS latest)
    AND coverage.subject NOT IN ('rows', 'withheld')
    AND coverage.measure <> 'private_share'
    AND coverage.value IS NOT NULL
ORDER BY coverage.measure
