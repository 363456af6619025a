"""The settings of a dataset.toml: what passes, what is refused, and that all of it is refused at once."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingest.errors import MappingError
from pipelines.ingest.mapping import read_config
from pipelines.settings import SMALLEST_GROUP, Privacy, Settings, read_settings, shipped_interaction_weights
from pipelines.weights import interaction_weights

GOOD = """
[interaction_weights]
like = 0
reply = 3

[trust_weights]
endorsement = 0.5

[baselines]
"Läufer ☕" = "category: coffee"
"fans" = "audience:others"

[momentum]
half_life_days = 90

[privacy]
pseudonymous_members = true
smallest_group = 8
"""


def faults_of(text):
    found = []
    settings = read_settings(tomllib.loads(text), lambda *fault: found.append(fault))
    return settings, found


def test_what_is_set_is_read_and_the_rest_is_left_to_the_defaults(tmp_path):
    settings, faults = faults_of(GOOD)
    assert not faults
    assert settings == Settings(
        interaction_weights={"like": 0.0, "reply": 3.0},
        trust_weights={"endorsement": 0.5},
        baselines={"Läufer ☕": "category:coffee", "fans": "audience:others"},
        half_life_days=90.0,
        privacy=Privacy(pseudonymous_members=True, smallest_group=8),
    )
    path = tmp_path / "dataset.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert read_config(path).settings == settings
    assert read_config(None).settings == Settings() == faults_of("")[0]


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        ("[interaction_weights]\nrepst = 1", "[interaction_weights]", "Did you mean 'repost'?"),
        ("[interaction_weights]\nzzz = 1", "[interaction_weights]", "Known here: like"),
        ("[interaction_weights]\nlike = -1", "[interaction_weights] like", "not negative"),
        ("[interaction_weights]\nlike = nan", "[interaction_weights] like", "finite"),
        ("[interaction_weights]\nlike = inf", "[interaction_weights] like", "Write like = 0.02"),
        ('[interaction_weights]\nlike = "much"', "[interaction_weights] like", "must be a number"),
        ("[interaction_weights]\nlike = true", "[interaction_weights] like", "must be a number"),
        ("interaction_weights = 3", "[interaction_weights]", "must be a section"),
        ("[trust_weights]\nendorsment = 1", "[trust_weights]", "Did you mean 'endorsement'?"),
        ('[baselines]\nfans = "everybody"', '[baselines] "fans"', "Write network, audience:NAME"),
        ("[baselines]\nfans = 3", '[baselines] "fans"', "must be a text"),
        ('[baselines]\nfans = "audience:fans"', '[baselines] "fans"', "with itself"),
        ("[momentum]\nhalf_life = 3", "[momentum]", "Did you mean 'half_life_days'?"),
        ("[momentum]\nhalf_life_days = 0", "[momentum] half_life_days", "above 0"),
        ("[momentum]\nhalf_life_days = nan", "[momentum] half_life_days", "above 0"),
        ("[momentum]\nhalf_life_days = true", "[momentum] half_life_days", "above 0"),
        ("momentum = []", "[momentum]", "must be a section"),
        ("[privacy]\nsmallest_groups = 3", "[privacy]", "Did you mean 'smallest_group'?"),
        ("[privacy]\nsmallest_group = 0", "[privacy] smallest_group", "1 withholds nothing"),
        ("[privacy]\nsmallest_group = 2.5", "[privacy] smallest_group", "whole number"),
        ("[privacy]\nsmallest_group = true", "[privacy] smallest_group", "whole number"),
        ('[privacy]\npseudonymous_members = "yes"', "[privacy] pseudonymous_members", "true or false"),
        ("privacy = 1", "[privacy]", "must be a section"),
    ],
)
def test_every_mistake_names_its_place_and_a_remedy(text, where, said):
    settings, faults = faults_of(text)
    assert [fault[0] for fault in faults] == [where]
    assert said in " ".join(faults[0])
    assert settings == Settings()


def test_groups_are_withheld_by_default_only_where_the_file_names_no_member():
    assert Privacy().fewest_members == 1
    assert Privacy(pseudonymous_members=True).fewest_members == SMALLEST_GROUP
    assert Privacy(pseudonymous_members=True, smallest_group=1).fewest_members == 1


def test_all_weights_at_zero_are_refused():
    zeros = "\n".join(f"{kind} = 0" for kind in shipped_interaction_weights())
    settings, faults = faults_of(f"[interaction_weights]\n{zeros}")
    assert [fault[0] for fault in faults] == ["[interaction_weights]"]
    assert "at least one" in faults[0][2]
    assert not settings.interaction_weights


def test_all_mistakes_are_reported_at_once(tmp_path):
    path = tmp_path / "dataset.toml"
    path.write_text(
        'netwrk = "x"\n[interaction_weights]\nlike = -1\nrepst = 2\n[baselines]\nfans = ""\n'
        "[momentum]\nhalf_life_days = -3\n",
        encoding="utf-8",
    )
    with pytest.raises(MappingError) as error:
        read_config(path)
    assert len(error.value.faults) == 5


@given(
    st.dictionaries(st.text(max_size=8), st.one_of(st.none(), st.floats(), st.text(), st.lists(st.none())))
)
def test_nothing_in_a_section_breaks_the_reader(entries):
    sections = ("interaction_weights", "trust_weights", "baselines", "momentum", "privacy")
    read_settings(dict.fromkeys(sections, entries), lambda *_: None)


def test_the_table_that_ships_orders_kinds_by_how_hard_they_are_to_fake():
    rows = interaction_weights()
    assert [row["kind"] for row in rows] == ["like", "repost", "mention", "quote", "reply", "answered_reply"]
    weights = [float(row["weight"]) for row in rows]
    assert weights == sorted(set(weights))
    assert len({row["version"] for row in rows}) == 1
    assert all(row["why"] for row in rows)
