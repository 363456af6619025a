"""What would change a status or a rank, in words that a strategist can read out."""

from __future__ import annotations

import numpy as np

from assets.rank_sentences import STATUS_WORDS, what_would_change
from graph.partners.status import (
    STATUSES,
    StatusBars,
    StatusFigures,
    all_changes,
    rank_changes_needed,
    status_changes,
    statuses,
)

NAN = float("nan")


def told(**changes):
    """The texts of three candidates; the values given are the second one's."""
    values = {
        "trust": 0.6,
        "shill_probability_low": 0.05,
        "shill_probability_high": 0.2,
        "audience_followers": 30.0,
        "lift_low": 3.0,
        "n_signals": 2,
    }
    arrays = {name: np.array([value, changes.get(name, value), value]) for name, value in values.items()}
    figures = StatusFigures(**arrays, audience_size=changes.get("audience_size", 400))
    bars = StatusBars(minimum_signals=2)
    status, _ = statuses(figures, bars)
    trust_low, risk = np.array([0.9, 0.5, 0.4]), np.full(3, 0.1)
    moves = rank_changes_needed(trust_low * (1 - risk), np.arange(3), trust_low, risk)
    return what_would_change(all_changes(status_changes(figures, status, bars), moves), status)


def test_a_recommended_one_hears_what_would_cost_it_and_what_lifts_it():
    first, second, _ = told()
    assert first == (
        "Would no longer be recommended but a case to watch with the upper end of the risk that influence is "
        "bought at least 25.0 % (now 20.0 %). Would be number 2 with the lower end of its trust below 0.500 "
        "(now 0.900)."
    )
    assert second.endswith("Would be number 1 with the lower end of its trust above 0.900 (now 0.500).")


def test_who_is_not_recommended_hears_of_every_bar():
    _, text, _ = told(n_signals=1, audience_followers=4.0, lift_low=NAN, trust=NAN)
    assert text.startswith(
        "Would be recommended with at least 2 kinds of bought influence looked at (now 1), at least 5 "
        "members who follow it (now 4), its trust measured and the lower "
        "end of its lift above 1.00 (now unknown)."
    )
    assert "nan" not in text


def test_a_hair_is_not_told_as_equal_numbers():
    _, text, _ = told(shill_probability_low=0.1, shill_probability_high=0.250001)
    assert "the upper end of the risk that influence is bought hardly lower than now (25.0 %)" in text
    assert "25.0 % (now 25.0 %)" not in text


def test_what_the_upper_end_of_the_risk_holds_is_not_said_of_the_lower_end_again():
    _, text, _ = told(shill_probability_low=0.6, shill_probability_high=0.9)
    assert "the upper end of the risk that influence is bought below 25.0 % (now 90.0 %)" in text
    assert "the lower end of the risk" not in text


def test_every_status_has_words_and_nobody_is_accused():
    assert set(STATUS_WORDS) == set(STATUSES)
    for text in told(shill_probability_low=0.6, shill_probability_high=0.9, audience_size=20):
        assert text
        assert not [word for word in ("fraud", "fake", "cheat") if word in text]


def test_nothing_to_say_is_null():
    nothing = rank_changes_needed(np.array([0.5]), np.array([0]), np.array([0.5]), np.array([0.0]))
    assert what_would_change(nothing, np.array(["recommended"])) == [None]


def test_who_is_far_from_every_bar_does_not_hear_of_one():
    near, far = (told(shill_probability_low=0.02, shill_probability_high=risk)[1] for risk in (0.2, 0.05))
    assert near.startswith("Would no longer be recommended")
    assert far == "Would be number 1 with the lower end of its trust above 0.900 (now 0.500)."
