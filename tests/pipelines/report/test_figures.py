"""Small pieces of HTML that carry figures and names."""

from __future__ import annotations

import math

import pytest

from pipelines.report import figures

DASH = '<span class="unknown" title="not known">–</span>'


@pytest.mark.parametrize("show", [figures.count, figures.share, figures.ratio, figures.score, figures.money])
@pytest.mark.parametrize("unknown", [None, math.nan])
def test_unknown_is_a_dash_and_never_a_zero(show, unknown):
    assert show(unknown) == DASH
    assert show(0) != DASH


def test_figures_read_like_those_of_the_command_line():
    assert figures.count(12_345) == "12,345"
    assert figures.share(0.1234) == "12.3\N{NO-BREAK SPACE}%"
    assert figures.money(250.0, "EUR<b>") == "250&nbsp;EUR&lt;b&gt;"


def test_half_a_member_is_not_nobody():
    assert [figures.weight(value) for value in (0.5, 9.96, 10.4, None)] == ["0.5", "10.0", "10", DASH]


def test_entries_of_a_list_keep_their_own_direction():
    assert figures.listed("rain, الجبل · <b>") == ("<bdi>rain</bdi>, <bdi>الجبل</bdi> · <bdi>&lt;b&gt;</bdi>")
    assert figures.listed(None) == "<bdi></bdi>"


def test_intervals_name_their_unit_once():
    assert figures.between(0.16, 0.213, "share") == "16.0–21.3\N{NO-BREAK SPACE}%"
    assert figures.between(2, 2, "count") == "2"
    assert not figures.between(None, 0.2, "share")


def test_evidence_is_shown_in_the_unit_of_its_signal():
    reason = {"signal": "suspicious_followers", "value": 0.07, "typical_value": None}
    assert figures.evidence_figure(reason, "value") == "7.0\N{NO-BREAK SPACE}%"
    assert figures.evidence_figure(reason, "typical_value") == DASH
    assert figures.evidence_figure({"signal": "engagement_pods", "value": 0.713}, "value") == "0.713"


@pytest.mark.parametrize("signal", ["sharing", "lockstep_followers", "growth_bursts", "copied_text"])
def test_what_is_a_share_is_shown_in_percent(signal):
    assert figures.evidence_figure({"signal": signal, "value": 0.406}, "value") == "40.6\N{NO-BREAK SPACE}%"


def test_sort_keys_keep_large_counts_apart():
    assert figures.sort_key(123_456_789) == ' data-v="123456789"'
    assert not figures.sort_key(None)
    assert not figures.sort_key(math.nan)


@pytest.mark.parametrize(
    ("value", "length"), [(0.5, "50%"), (-1, "0%"), (7, "100%"), (None, "0%"), (math.nan, "0%")]
)
def test_bars_stay_inside_their_rail(value, length):
    assert figures.percent(value) == length


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("adds 31.1 % of 40 %.", "adds 31.1_% of 40_%."),
        ("risk < 1 %, at most > 99 %", "risk <_1_%, at most >_99_%"),
        ("2.0–7.0 % of it", "2.0–7.0_% of it"),
        ("a % b, 1 2 %", "a % b, 1 2_%"),
    ],
)
def test_a_share_is_not_torn_apart_in_a_sentence(text, kept):
    kept = kept.replace("_", "\N{NO-BREAK SPACE}")
    assert figures.safe(text) == kept
    whole = figures.sentence(text, {"handle": "ann", "account_id": "1"})
    assert whole == kept.replace("<", "&lt;").replace(">", "&gt;")


def test_a_name_that_holds_a_share_is_kept_apart_from_the_direction_of_the_sentence():
    name = "\u05d0 5 % off"
    said = figures.sentence(f"@{name}: 3 of 4, 75 %", {"handle": name, "account_id": "1"})
    assert said == f"<bdi>@{name}</bdi>: 3 of 4, 75\N{NO-BREAK SPACE}%"


def test_expressions_lose_controls_and_none_becomes_a_dash():
    assert figures.safe("a\x1b[31mb") == "a[31mb"
    assert figures.safe(None) == DASH
    assert figures.safe(3) == 3
