-- Makes what could not be measured about one account.
-- From: account_signals.
-- Grain: one row per signal without enough data.

SELECT signal, n
FROM account_signals
WHERE account_id = $account_id AND state = 'not_enough_data'
ORDER BY signal
