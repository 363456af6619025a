from __future__ import annotations

import pytest

from graph.partners.ranking import TRUST_PARTS
from graph.partners.trust_weights import TrustWeights, TrustWeightsError
from pipelines.weights import trust_weights

ROWS = [{"version": "7", "part": part, "weight": "0.25", "why": "because"} for part in TRUST_PARTS]


def test_the_table_that_comes_with_vouch_has_every_part_and_a_reason():
    rows = trust_weights()
    table = TrustWeights.from_rows(rows)
    assert tuple(table.weights) == TRUST_PARTS
    assert sum(table.weights.values()) == pytest.approx(1.0)
    assert all(row["why"] for row in rows)


def test_a_person_may_change_it_and_the_version_says_so():
    table = TrustWeights.from_rows(ROWS)
    assert table.version == "7"
    assert table.changed({}) is table
    assert table.changed({"affinity": 0.25}) is table
    changed = table.changed({"word_of_mouth": 0, "affinity": 0.5})
    assert changed.weights == {"endorsement": 0.25, "affinity": 0.5, "conversation": 0.25}
    assert changed.version == "7 with affinity 0.5 and word_of_mouth 0"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"tone": 1.0, "luck": 2.0}, "no part called luck; there is no part called tone"),
        ({"affinity": -1.0}, "affinity is no number"),
        ({"affinity": float("nan")}, "affinity is no number"),
        (dict.fromkeys(TRUST_PARTS, 0.0), "every weight is 0"),
    ],
)
def test_changes_that_mean_nothing_are_refused(changes, said):
    with pytest.raises(TrustWeightsError, match=said) as error:
        TrustWeights.from_rows(ROWS).changed(changes)
    assert "0 leaves a part out" in str(error.value)


def test_a_broken_table_is_refused_with_all_its_faults():
    rows = [*ROWS, {"version": "8", "part": "affinity", "weight": "much"}]
    with pytest.raises(TrustWeightsError, match=r"2 versions.*affinity stands in it 2 times.*affinity is no"):
        TrustWeights.from_rows(rows)
