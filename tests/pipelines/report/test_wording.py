"""Sentences that are computed from figures."""

from __future__ import annotations

from datetime import date

import pytest

from graph.partners.status import MINIMUM_KINDS, STATUS_REASONS, StatusBars
from pipelines.report import wording


def picks(n, prices=None):
    """Rows of a portfolio of so many picks, some of them with a price."""
    known = prices or {}
    return [
        {
            "pick": place,
            "price": known.get(place),
            "currency": "EUR" if place in known else None,
            "budget": 2500.0,
        }
        for place in range(1, n + 1)
    ]


def test_prices_are_told_with_what_is_missing():
    assert wording.prices_together(picks(2, prices={1: 900, 2: 100})) == "Prices together: 1,000 EUR."
    assert wording.prices_together(picks(2, prices={1: 900})) == (
        "Prices together: 900 EUR, without 1 of the 2 picks, of whom no such price is known."
    )
    # a price that comes after an unknown one counts as well
    assert wording.prices_together(picks(3, prices={1: 900, 3: 100})).startswith(
        "Prices together: 1,000 EUR, without 1 of the 3"
    )
    assert not wording.prices_together(picks(1))
    mixed = picks(2, prices={1: 900, 2: 100})
    mixed[1]["currency"] = "USD"
    assert not wording.prices_together(mixed)


def test_plans_are_named_after_what_was_asked():
    assert wording.plan_title("count", picks(2)) == "2 partners"
    assert wording.plan_title("budget", picks(1, prices={1: 900})) == "1 partner within a budget of 2,500 EUR"


def test_every_reason_has_words():
    for reason in STATUS_REASONS:
        words = wording.reason_words(reason, StatusBars())
        assert words != reason
        assert "_" not in words
    assert wording.reason_words("A sentence of its own.", StatusBars()) == "A sentence of its own."


@pytest.mark.parametrize(
    ("watch", "not_special", "aside", "said"),
    [
        (0, 0, 0, ""),
        (1, 1, 0, "only because it is not special here"),
        (2, 2, 0, "both only because they are not special here"),
        (20, 20, 0, "all only because they are not special here"),
        (20, 1, 0, "1 only because it is not special here"),
        (20, 2, 0, "2 only because they are not special here"),
        (20, 5, 1, "4 only because they are not special here; 1 not special here and labelled genuine"),
    ],
)
def test_why_somebody_is_watched(watch, not_special, aside, said):
    run = {"watch": watch, "watch_not_special": not_special, "watch_set_aside": aside}
    found = wording.why_watched(run, StatusBars())
    assert found.partition(" by a person")[0] == said


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ([], ""),
        ([None, None], ""),
        ([True], "It was a pick in the run of 2026-10-01 as well."),
        ([True, True], "Both of them were picks in the run of 2026-10-01 as well."),
        ([True] * 3, "All of them were picks in the run of 2026-10-01 as well."),
        ([True, False, False], "1 of 3 was a pick in the run of 2026-10-01 as well."),
        ([True, True, False], "2 of 3 were picks in the run of 2026-10-01 as well."),
        ([False, False], "None of them was a pick in the run of 2026-10-01."),
        ([False], "It was no pick in the run of 2026-10-01."),
    ],
)
def test_how_many_picks_were_kept(before, said):
    assert wording.kept_picks([{"was_pick": was} for was in before], date(2026, 10, 1)) == said


def test_a_bar_of_one_is_one():
    bars = StatusBars(minimum_audience_followers=1, minimum_audience=1)
    assert wording.reason_words("audience_followers", bars) == "fewer than 1 member follows it"
    assert wording.reason_words("audience_size", bars) == "the audience has fewer than 1 known member"
    assert wording.reason_words("all_bars_met", bars).startswith("at least 1 member follows it, its lift")


def test_cut_offs_are_those_of_the_run():
    bars = wording.status_bars('{"partner_ranking": {"config": {"minimum_audience": 30, "seed": 1}}}')
    assert bars == StatusBars(minimum_audience=30, minimum_signals=MINIMUM_KINDS)
    for nothing in (None, "", "not json", "[]", '{"a": 1}', '{"a": {"config": null}}'):
        assert wording.status_bars(nothing) == StatusBars(minimum_signals=MINIMUM_KINDS)
    asked = wording.status_bars('{"partner_ranking": {"config": {"minimum_kinds": 3}}}')
    assert asked.minimum_signals == 3
    assert "fewer than 3 of the 3 kinds" in wording.reason_words("n_signals", asked)


def test_weights_are_told_only_where_they_are_known():
    assert wording.trust_weights("trust 3, evidence 1")
    assert wording.trust_weights("trust 2 with affinity 0.5, evidence 1") is None
    assert wording.trust_weights("trust 99, evidence 1") is None
    assert wording.trust_weights(None) is None


def test_what_is_not_known_is_counted():
    missing = dict.fromkeys(
        ("reach_share", "lift", "trust", "shill_probability", "conversation", "word_of_mouth_voices"), 0
    ) | {"followers_count": 0, "price": 7, "other_price": 2, "candidates": 10, "conversation": 10}
    signals = [{"signal": "engagement_pods", "measured": 4}, {"signal": "growth", "measured": 10}]
    assert wording.not_known(missing, signals) == [
        "Not measured for any candidate: whether it converses or broadcasts.",
        "Not known for 7 of 10 candidates: its price.",
        "Not known for 6 of 10 candidates: the signal “engagement pods”.",
        "Priced only in another currency than most, and so in no budget and no sum: 2 of 10 candidates.",
    ]


def test_a_share_that_no_data_tell_names_what_it_is():
    row = {"measure": "private_share", "value": None, "sentence": "Not known: no such data."}
    assert wording.coverage_sentence(row) == "Not known, as no data tell it: how many accounts are private."
    row = {"measure": "delivered_share_of_claimed", "value": 0.002, "sentence": "0.2 % of the followers."}
    assert wording.coverage_sentence(row).startswith("0.2 % of the followers. The largest accounts")


def test_coverage_speaks_of_what_reach_rests_on():
    seen = {
        "members": 40,
        "following_members": 30,
        "follows_at_median": 9,
        "follows_share": 0.25,
        "acting_members": 8,
    }
    share, words = wording.coverage(seen, [])
    assert share == 0.75
    assert words.startswith("of the members have follows in the data, 9 at the median; together 25.0 %")
    share, words = wording.coverage(seen | {"following_members": 0}, [])
    assert share == 0.2
    assert "speak to or of somebody" in words
    nothing = wording.coverage(seen | {"following_members": 0, "acting_members": 0}, [])
    assert nothing == (None, "How much of the truth the data holds is not known.")
