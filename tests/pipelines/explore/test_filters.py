from __future__ import annotations

from dataclasses import replace

import pytest

from pipelines.explore import address, filters
from pipelines.explore.filters import Filters


def given(**parts):
    return lambda name: parts.get(name, [])


def test_choices_come_in_the_order_people_expect(view):
    there = filters.choices(view.candidates)
    assert list(there["status"].items()) == [("recommended", "recommended"), ("watch", "watch")]
    assert there["platform"] == {"insta": "insta", "tube": "tube"}
    assert there["community"] == {"1": "group 1", "0": "trails and dogs", "-1": "in no group"}


def test_an_address_filters_and_what_is_none_is_said(view):
    there = filters.choices(view.candidates)
    wanted, strange = filters.from_address(
        given(
            search=["voice1"],
            status=["watch", "evil<script>"],
            platform=["tube"],
            trust=["0.05"],
            risk=["nan"],
        ),
        there,
    )
    assert wanted == Filters(search="voice1", platform=("tube",), status=("watch",), trust=0.05)
    assert strange == ["status “evil<script>”", "risk “nan”"]
    kept = filters.kept(view.candidates, wanted)
    assert [row["handle"] for row in kept] == ["Voice16", "Voice18"]
    assert filters.from_address(given(), there) == (Filters(), [])


@pytest.mark.parametrize(
    ("wanted", "n"),
    [
        (Filters(), 20),
        (Filters(search="@VOICE1"), 11),
        (Filters(search="id7"), 1),
        (Filters(status=("watch",)), 5),
        (Filters(community=("0", "1")), 14),
        (Filters(trust=0.5), 11),
        (Filters(risk=0.2), 7),
        (Filters(picks=True), 3),
    ],
)
def test_each_filter_keeps_whom_it_should(view, wanted, n):
    assert len(filters.kept(view.candidates, wanted)) == n


def test_what_is_unknown_passes_no_bar(view):
    unknown = [{**row, "trust_low": None, "shill_probability_high": float("nan")} for row in view.candidates]
    assert filters.kept(unknown, Filters(trust=0.0)) == []
    assert filters.kept(unknown, Filters(risk=1.0)) == []
    assert len(filters.kept(unknown, Filters())) == 20


def test_where_nobody_is_left_it_is_said_what_to_widen(view):
    wanted = Filters(trust=0.95, status=("recommended",))
    assert filters.kept(view.candidates, wanted) == []
    assert filters.widening(view.candidates, wanted) == [
        "Without the filter on trust: 15 candidates; the most trusted has at least 0.90."
    ]
    risky = replace(wanted, trust=None, risk=0.0, search="voice1")
    assert filters.widening(view.candidates, risky)[1] == (
        "Without the filter on risk: 6 candidates; the lowest risk is at most 3.3 %."
    )


def test_several_values_survive_the_way_through_the_address(monkeypatch):
    kept = {}

    class Parameters(dict):
        def set(self, name, value):
            self[name] = value

        def remove(self, name):
            del self[name]

        def get_all(self, name):
            return [self[name]] if name in self else []

    parameters = Parameters(kept)
    monkeypatch.setattr(address.mo, "query_params", lambda: parameters)
    address.put("keep", ["a,b", "c%2C", "ü"])
    assert address.values("keep") == ["a,b", "c%2C", "ü"]
    address.keeper("search", also_forget=["keep"])("one, two")
    assert address.values("search") == ["one, two"]
    assert address.values("keep") == []
    address.put("search", "")
    assert not parameters
