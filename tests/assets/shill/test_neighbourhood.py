"""Neighbourhood through the pipeline: labels in, nothing said without them, one wrong label harmless."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from assets.shill.signals import MEASURED, NOT_ENOUGH_DATA
from tests.assets.conftest import Workbench

PEOPLE, SHILLS, FRIENDS = 400, 8, 6
NETWORK = (
    "input_tables", "accounts", "interaction_graph", "follower_graph", "reviews", "shill_neighbourhood",
)  # fmt: skip


def follows():
    """People who follow as they like, and six who follow each of eight small accounts besides."""
    rng = np.random.default_rng(8)
    fame = rng.pareto(1.5, PEOPLE) + 0.2
    fame[: SHILLS + FRIENDS] = 0.05
    source = rng.integers(0, PEOPLE, 8_000)
    target = rng.choice(PEOPLE, 8_000, p=fame / fame.sum())
    rows = [{"follower_id": f"p{a}", "followee_id": f"p{b}"} for a, b in zip(source, target, strict=True)]
    rows += [
        {"follower_id": f"p{SHILLS + friend}", "followee_id": f"p{shill}"}
        for friend in range(FRIENDS)
        for shill in range(SHILLS)
    ]
    return rows


def labelled(shills, genuine=()):
    return [
        {"account_id": name, "label": label, "source": "ann"}
        for label, names in (("shill", shills), ("genuine", genuine))
        for name in names
    ]


@pytest.fixture
def network(tmp_path):
    bench = Workbench(tmp_path)
    bench.tables["follows"] = follows()

    def run(labels):
        bench.tables["labels"] = labels
        assert bench.network(*NETWORK).success
        rows = bench.read("shill/shill_neighbourhood")
        return {name: bench.by_id(rows, name) for name in ("value", "state", "detail", "count", "threshold")}

    return run


def test_who_follows_labelled_accounts_stands_out_and_who_is_labelled_is_left_to_the_label(network):
    found = network(labelled([f"p{n}" for n in range(SHILLS)], ["p20"]))
    friends = {f"p{SHILLS + friend}" for friend in range(FRIENDS)}
    unusual = {name for name, value in found["value"].items() if value > 3}
    assert friends <= unusual
    assert len(unusual) <= len(friends) + 0.01 * PEOPLE
    assert {found["count"][name] for name in friends} == {float(SHILLS)}
    assert found["state"]["p0"] == found["state"]["p20"] == NOT_ENOUGH_DATA
    assert found["detail"]["p0"] == "a person has labelled the account itself"
    # m1 to m6 and the voices of the golden tables follow nobody here.
    assert found["detail"]["star"] == "it follows fewer than 5 accounts in the data"


def test_without_labels_or_with_too_few_nothing_is_said_and_the_reason_is_given(network):
    for labels, reason in (
        ([], "no accounts labelled as shills"),
        (labelled(["p1", "p2"], ["p30"]), "fewer than 4 accounts labelled as shills"),
    ):
        found = network(labels)
        assert set(found["state"].values()) == {NOT_ENOUGH_DATA}
        assert set(found["detail"].values()) == {reason}


def test_labels_in_dispute_count_for_neither_side(network):
    shills = [f"p{n}" for n in range(SHILLS)]
    disputed = [*labelled(shills), {"account_id": "p0", "label": "genuine", "source": "bob"}]
    assert network(disputed)["value"] == pytest.approx(network(labelled(shills[1:]))["value"], nan_ok=True)


def test_one_wrong_label_moves_nobody_by_more_than_its_cap(network):
    shills = [f"p{n}" for n in range(SHILLS)]
    before, after = network(labelled(shills)), network(labelled([*shills, "p100"]))
    said = [name for name, state in after["state"].items() if state == MEASURED]
    assert max(after["value"][name] - before["value"][name] for name in said) <= 1.0
    assert pl.Series(list(after["threshold"].values())).unique().to_list() == [3.0]
