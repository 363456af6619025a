"""Reasons as clauses of a longer sentence: what is counted has its number."""

from __future__ import annotations

import pytest

from pipelines.cli.words.clauses import clause

ROW = {"word_of_mouth_weeks": 1, "momentum_runs": 1, "is_bridge": False}
REASON = {"direction": "for", "side": "trust", "typical_value": None, "sentence": ""}


@pytest.mark.parametrize(
    ("signal", "value", "row", "said"),
    [
        ("communities", 1, {}, "1 group of the audience listens to it"),
        ("communities", 2, {}, "2 groups of the audience listen to it"),
        ("word_of_mouth", 0, {}, "no member was seen speaking of it"),
        ("word_of_mouth", 1, {}, "1 member spoke of it or passed its words on over 1 week"),
        ("word_of_mouth", 12, {}, "12 members spoke of it or passed its words on over 1 week"),
        ("returning_dyads", 1, {}, "1 member it answered came back in another week"),
        ("brand_hopping", 1, {}, "it promoted 1 brand without a disclosure in the last 90 days"),
        ("momentum", 0.1, {}, "trust in it has been rising over 1 run, beyond chance"),
        (
            "answers",
            0.5,
            {"answer_delay_hours": 1.0},
            "it answers 50.0 % of what members write to it, half of that within 1 hour",
        ),
        (
            "answers",
            0.5,
            {"answer_delay_hours": 1.5},
            "it answers 50.0 % of what members write to it, half of that within 1.5 hours",
        ),
    ],
)
def test_what_is_counted_has_its_number(signal, value, row, said):
    assert clause(ROW | row, REASON | {"signal": signal, "value": value}) == said
