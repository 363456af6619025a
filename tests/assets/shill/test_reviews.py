"""Reviews: the status follows them, what was measured stays, and both are shown."""

from __future__ import annotations

from datetime import datetime

import pytest

from pipelines.reviews import Decision, keep_decision

FIRST = datetime(2024, 5, 1)  # noqa: DTZ001 - UTC without a zone
LATER = datetime(2024, 5, 9)  # noqa: DTZ001 - UTC without a zone


def decide(bench, account, label, at=FIRST, network="main"):
    keep_decision(
        bench.home,
        Decision(network, account, account.title(), label, "saw the invoice", "Maria \u202e", at),
    )


@pytest.fixture
def reviewed(bench):
    """The golden dataset with reviews of every kind."""
    bench.settings = {
        "partner_ranking": {"minimum_audience": 0, "minimum_audience_followers": 2},
        "partner_portfolio": {"picks": 3},
    }
    bench.tables["labels"] = [
        {"account_id": "niche", "label": "shill", "source": "agency"},
        {"account_id": "niche", "label": "shill", "source": "another"},
        {"account_id": "buyer", "label": "shill", "source": "agency"},
        {"account_id": "buyer", "label": "genuine", "source": "another"},
        {"account_id": "gone", "label": "genuine", "source": "agency"},
    ]
    decide(bench, "niche", "shill")
    decide(bench, "niche", "genuine", LATER)
    decide(bench, "star", "shill")
    decide(bench, "m1", "shill")
    decide(bench, "m1", "withdrawn", LATER)
    decide(bench, "star", "genuine", LATER, network="another network")
    assert bench.network().success
    assert bench.audience().success
    return bench


def test_a_review_decides_the_status_and_nothing_else(reviewed, golden):
    rows = {row["account_id"]: row for row in reviewed.kept("run-1", "ranking").iter_rows(named=True)}
    without = {row["account_id"]: row for row in golden.kept("run-1", "ranking").iter_rows(named=True)}
    assert {name: (row["review"], row["reviewed_at"]) for name, row in rows.items()} == {
        "star": ("shill", FIRST),
        "niche": ("genuine", LATER),
        "buyer": (None, None),
    }
    assert (rows["star"]["status"], rows["star"]["status_reason"]) == ("avoid", "reviewed")
    assert "another decision of whoever reviewed it" in rows["star"]["what_would_change"]
    assert rows["niche"]["status"] in {"recommended", "watch"}
    assert rows["buyer"]["status"] == without["buyer"]["status"]
    for name, row in rows.items():
        for column in ("shill_probability", "score", "rank", "trust"):
            assert row[column] == pytest.approx(without[name][column], nan_ok=True)
    assert "star" not in set(reviewed.kept("run-1", "portfolio")["account_id"])


def test_every_decision_is_kept_and_one_of_an_account_stands(reviewed):
    found = reviewed.read("shill/reviews")
    assert found.height == 10  # five delivered, five decided in this network
    standing = {
        (row["account_id"], row["label"], row["source"])
        for row in found.filter("is_current").iter_rows(named=True)
    }
    assert standing == {
        ("niche", "genuine", "review"),
        ("star", "shill", "review"),
        ("gone", "genuine", "table"),
    }


def test_the_evidence_says_who_decided_beside_what_was_measured(reviewed):
    evidence = reviewed.kept("run-1", "evidence").filter(signal="review")
    told = {row["account_id"]: row for row in evidence.iter_rows(named=True)}
    assert {name: row["direction"] for name, row in told.items()} == {
        "star": "against",
        "niche": "for",
        "buyer": "neutral",
    }
    assert told["niche"]["sentence"] == (
        "Reviewed as genuine by Maria on 2024-05-09, because “saw the invoice”. This is a person's decision; "
        "what was measured stands beside it unchanged. The label delivered with the data differs: shill."
    )
    assert "contradict each other" in told["buyer"]["sentence"]
    assert all(row["weight"] is None and row["value"] is None for row in told.values())


def test_a_delivered_label_counts_where_nobody_decided(bench):
    bench.tables["labels"] = [{"account_id": "star", "label": "shill"}]
    assert bench.network("input_tables", "accounts", "reviews").success
    (row,) = bench.read("shill/reviews").iter_rows(named=True)
    assert (row["label"], row["reviewer"], row["reviewed_at"], row["is_current"], row["source"]) == (
        "shill",
        None,
        None,
        True,
        "table",
    )
