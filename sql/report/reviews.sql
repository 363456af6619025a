-- Makes what a person decided about candidates of one audience: who, when and because of what, in one sentence each.
-- From: evidence. Grain: one row per candidate that was reviewed or labelled.

SELECT account_id, sentence
FROM evidence
WHERE audience = $audience AND run_id = $run_id AND signal = 'review' AND sentence IS NOT NULL
ORDER BY account_id
