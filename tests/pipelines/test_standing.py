"""A standing is told with its reason, and a place that is not settled says so."""

from __future__ import annotations

import pytest

from graph.partners.status import STATUS_REASONS, STATUSES
from pipelines import numbers, standing


def row(status="watch", reason="lift_low", rank=1, rank_high=2):
    return {"status": status, "status_reason": reason, "rank": rank, "rank_high": rank_high}


def test_every_reason_but_all_bars_met_is_told_in_short_and_in_full():
    needed = set(STATUS_REASONS) - {"all_bars_met"}
    assert set(standing.REASON_WORDS) == needed
    assert {reason for reason in STATUS_REASONS if standing.short_reason(reason)} == needed


@pytest.mark.parametrize("reason", [None, "", "A sentence of an earlier Vouch.", "\x1b[2J"])
def test_a_reason_that_is_no_code_is_left_out(reason):
    assert standing.status_and_reason(row(reason=reason)) == "watch"
    assert standing.narrow_status(row(reason=reason)) == "watch"
    assert standing.status_legend([row(reason=reason)]) == []


def test_the_two_kinds_of_watch_are_told_apart():
    special, risky = row(), row(reason="shill_probability_high")
    assert standing.status_and_reason(special) == "watch: not special here"
    assert standing.status_and_reason(risky) == "watch: risk"
    assert standing.narrow_status(special) == "watch: lift"
    legend = standing.status_legend([special, special, risky, row("recommended", "all_bars_met")])
    assert [line.partition(":")[0] for line in legend] == ["watch", "watch"]
    assert "which says nothing against it" in legend[0]
    assert "bought" not in legend[0]
    assert "bought" in legend[1]


def test_the_legend_says_what_data_lack():
    rows = [row("not_enough_data", "n_signals"), row("not_enough_data", "audience_followers")]
    assert standing.status_legend(rows) == ["not enough data: risk hardly looked at, few members follow."]


def test_a_narrow_status_is_no_wider_than_the_statuses():
    widest = max(map(len, STATUSES))
    assert all(
        len(standing.narrow_status(row(status, reason))) <= widest
        for status, reason in (
            ("watch", "lift_low"), ("watch", "shill_probability_high"), ("avoid", "shill_probability_low"),
            ("not_enough_data", "n_signals"),
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rank", "worst", "is_unsettled"),
    [(1, 23, False), (1, 24, True), (40, 140, False), (40, 141, True), (None, 5, False), (3, None, False)],
)
def test_the_order_is_not_settled_where_the_worst_place_is_far_behind(rank, worst, is_unsettled):
    assert standing.is_unsettled(row(rank=rank, rank_high=worst)) is is_unsettled


@pytest.mark.parametrize(
    ("candidates", "told"),
    [
        ({}, "there are no candidates"),
        ({"recommended": 2, "avoid": 1}, "no candidate who is recommended adds anybody"),
        (
            {"recommended": 0, "avoid": 1200, "not_enough_data": 3},
            "nobody is recommended: of the candidates 1,200 avoid, 3 not enough data",
        ),
    ],
)
def test_why_nobody_is_picked(candidates, told):
    assert told in standing.why_nobody_is_picked(candidates)


def test_who_is_left_out_is_named_where_they_would_add_a_twentieth():
    best = {"candidates": 1, "new_members": 5, "new_members_share": 0.05}
    told = standing.left_out_words(best, "@ana", numbers.UNKNOWN)
    assert "one candidate who lacks nothing else. Of them @ana would add most, 5 members (5.0 %)" in told
    assert "reaches. Vet" in told
    assert ", for 90 EUR. Vet" in standing.left_out_words(best, "@ana", "90 EUR")
    assert standing.left_out_words({**best, "new_members_share": 0.049}, "@ana", "90 EUR") == ""
    assert standing.left_out_words(None, "@ana", "90 EUR") == ""
