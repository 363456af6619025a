"""vouch portfolio: who is in no plan only because nobody could look at them for bought influence."""

from __future__ import annotations

import pytest

# Of 40 members the three picks reach 28; id9 reaches 4 of the others, id14 reaches 6.
LACKING = """
ALTER TABLE partner_rankings ADD COLUMN status_reason VARCHAR;
ALTER TABLE partner_rankings ADD COLUMN attention_basis VARCHAR;
ALTER TABLE partner_rankings ADD COLUMN lift_low DOUBLE;
ALTER TABLE partner_rankings ADD COLUMN price DOUBLE;
ALTER TABLE partner_rankings ADD COLUMN currency VARCHAR;
UPDATE partner_rankings SET attention_basis = 'follows', lift_low = 2.0;
UPDATE partner_rankings
    SET status = 'not_enough_data', status_reason = 'n_signals', price = 137, currency = 'EUR'
    WHERE account_id IN ('id9', 'id14');
CREATE TABLE audience_members AS
    SELECT 'r1' AS run_id, 'Runners' AS audience, 'id' || i AS account_id FROM range(20, 60) AS t(i);
"""
ADDS_MOST = "Of them @Voice14 would add most, 6 members (15.0 %) whom no pick reaches, for 137 EUR."


@pytest.fixture
def said(call, publish_small):
    """What is said of a plan after some changes."""

    def ask(*changes):
        path = publish_small(change=LACKING + "".join(changes))
        return call("portfolio", at=path.parent).stderr

    return ask


def test_what_the_sentence_judges_by_is_a_column_of_the_table(call, publish_small):
    result = call("portfolio", "--format", "table", at=publish_small().parent)
    heading = next(line for line in result.stdout.splitlines() if "handle" in line)
    assert "adds by trust" in heading
    assert "new members" in heading


def test_who_is_left_out_for_want_of_a_look_and_would_add_most(said):
    shown = said()
    assert "2 candidates who lack nothing else" in shown
    assert ADDS_MOST in shown


@pytest.mark.parametrize(
    "change",
    [
        # they are not special here either
        "UPDATE partner_rankings SET lift_low = 0.9 WHERE status = 'not_enough_data'",
        "UPDATE partner_rankings SET attention_basis = 'interactions'",  # follows do not say whom it reaches
        "UPDATE partner_rankings SET status_reason = 'audience_followers' WHERE status = 'not_enough_data'",
        "ALTER TABLE portfolio ADD COLUMN is_vetted BOOLEAN; UPDATE portfolio SET is_vetted = false",
    ],
)
def test_nobody_is_named_without_need(said, change):
    assert "Left out" not in said(change)
