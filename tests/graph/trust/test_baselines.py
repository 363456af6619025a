from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.trust.baselines import Baseline, BaselineError, find_baseline, read_baseline

AUDIENCES = ["Läufer", "Readers", "readers: the old list"]
CATEGORIES = ["Coffee", "قهوة", "☕", "fashion"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("network", Baseline()),
        (" Network ", Baseline()),
        ("audience:Readers", Baseline("audience", "Readers")),
        ("AUDIENCE: readers: the old list ", Baseline("audience", "readers: the old list")),
        ("category:coffee", Baseline("category", "Coffee")),
        ("category:قهوة", Baseline("category", "قهوة")),
        ("category:☕", Baseline("category", "☕")),
    ],
)
def test_a_baseline_is_found_as_the_data_spell_it(text, expected):
    assert find_baseline(text, AUDIENCES, CATEGORIES) == expected


@pytest.mark.parametrize("text", ["", "everybody", "audience", "audience:", "network:x", "categorie:coffee"])
def test_what_is_no_baseline_says_how_one_is_written(text):
    with pytest.raises(BaselineError, match="Write network, audience:NAME or category:NAME"):
        read_baseline(text)


def test_unknown_names_list_what_exists_and_the_nearest():
    with pytest.raises(BaselineError, match=r"called 'Reader'.* Did you mean 'Readers'\?") as error:
        find_baseline("audience:Reader", AUDIENCES, CATEGORIES)
    assert "There is Läufer, Readers" in str(error.value)
    with pytest.raises(BaselineError, match=r"category called 'fashon'.* Did you mean 'fashion'\?"):
        find_baseline("category:fashon", AUDIENCES, CATEGORIES)
    with pytest.raises(BaselineError, match="The data name no category"):
        find_baseline("category:coffee", AUDIENCES, [])
    with pytest.raises(BaselineError, match="no audience called 'readers'"):  # audiences differ by case
        find_baseline("audience:readers", AUDIENCES, CATEGORIES)


def test_a_long_list_is_cut():
    with pytest.raises(BaselineError) as error:
        find_baseline("audience:zzz", [f"a{number:04}" for number in range(500)], [])
    assert "a0019, …" in str(error.value)
    assert "a0020" not in str(error.value)


@given(st.text(max_size=20).filter(str.strip))
def test_any_name_is_written_and_read_alike(name):
    baseline = Baseline("audience", name.strip())
    assert read_baseline(str(baseline)) == baseline
    assert find_baseline(str(baseline), [name.strip()], []) == baseline
