-- Makes one plan of the portfolio of one audience, joined with what the ranking says about each pick.
-- From: portfolio, ranked_partners.
-- Grain: one row per pick, in order.

SELECT
    portfolio.*,
    ranked_partners.status,
    ranked_partners.status_reason,
    ranked_partners.rank,
    ranked_partners.display_name,
    ranked_partners.trust,
    ranked_partners.shill_probability,
    ranked_partners.shill_probability_high,
    ranked_partners.other_price,
    ranked_partners.other_currency
FROM portfolio
LEFT JOIN ranked_partners
    ON ranked_partners.audience = portfolio.audience AND ranked_partners.account_id = portfolio.account_id
WHERE portfolio.run_id = $run_id AND portfolio.audience = $audience AND portfolio.plan = $plan
ORDER BY portfolio.pick
