-- Makes where every input row went.
-- From: quality.balance. Grain: one row per table of the input.

SELECT table_name, rows_in, rows_kept, rows_merged, rows_rejected, rows_after_as_of, values_refused
FROM quality.balance
WHERE network = $network AND as_of = $as_of::DATE
ORDER BY table_name
