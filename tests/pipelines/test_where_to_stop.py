"""Where to stop in a portfolio, in words."""

from __future__ import annotations

from fractions import Fraction

import pytest

from graph.partners.stopping import LITTLE
from pipelines.where_to_stop import LITTLE_WORDS, when_to_stop


def picks(*gains, size=100.0, counted=True):
    """Rows of a portfolio whose picks add these shares."""
    together = [sum(gains[:place]) for place in range(1, len(gains) + 1)]
    return [
        {
            "adds_share": gain,
            "cumulative_share": so_far,
            "cumulative_members": round(so_far * size) if counted else None,
            "cumulative_members_share": so_far if counted else None,
        }
        for gain, so_far in zip(gains, together, strict=True)
    ]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            picks(0.5, 0.2, 0.01, 0.01),
            (
                "Stop after pick 2: each one after it adds less than 3.6 % by trust, a twentieth of "
                "the 72.0 % that all 4 add. "
                "The first 2 reach 70 members (70.0 %), all 4 reach 72 members (72.0 %)."
            ),
        ),
        (
            picks(0.5, 0.01),
            (
                "Stop after pick 1: the last one adds less than 2.6 % by trust, a twentieth of "
                "the 51.0 % that both add. "
                "The first reaches 50 members (50.0 %), both reach 51 members (51.0 %)."
            ),
        ),
        (
            picks(0.3, 0.1),
            (
                "No clear place to stop: both picks together reach 40 members (40.0 %), and the last still "
                "adds 10.0 % of 40.0 % by trust."
            ),
        ),
        (
            picks(0.3, 0.1, 0.1),
            (
                "No clear place to stop: all 3 picks together reach 50 members (50.0 %), and the last still "
                "adds 10.0 % of 50.0 % by trust."
            ),
        ),
        (picks(0.3), "The one pick reaches 30 members (30.0 %)."),
        (picks(0.01), "The one pick reaches 1 member (1.0 %)."),
        (picks(0.3, counted=False), "The one pick reaches 30.0 % of the audience, weighted by trust."),
        (picks(0.0), "No pick reaches anybody."),
        ([], ""),
    ],
)
def test_when_to_stop(rows, words):
    assert when_to_stop(rows) == words


@pytest.mark.parametrize("unknown", [None, float("nan")])
def test_ignorance_is_admitted(unknown):
    rows = picks(0.3, 0.1)
    rows[1]["adds_share"] = unknown
    assert when_to_stop(rows) == "What each pick adds is not known."


def test_the_words_are_those_of_the_bar():
    assert {Fraction(1, 20): "a twentieth"}[Fraction(LITTLE).limit_denominator(100)] == LITTLE_WORDS
