"""Audiences of any name have a partition key, and the key gives the name back."""

from dagster._core.definitions.partitions.utils.base import INVALID_PARTITION_SUBSTRINGS
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.partitions import audience_key, audience_of_key

NAMES = st.text(st.one_of(st.sampled_from("a.|%\n\t\x007C"), st.characters(exclude_categories=["Cs"])))


@given(NAMES)
@settings(max_examples=200, deadline=None)
def test_a_key_gives_the_name_back_and_holds_nothing_that_dagster_refuses(name):
    key = audience_key(name)
    assert audience_of_key(key) == name
    assert "|" not in key
    assert not [refused for refused in INVALID_PARTITION_SUBSTRINGS if refused in key]


def test_ordinary_names_are_their_own_keys():
    for name in ("readers", "Graph readers (EU)", "café & más", "a..b"):
        assert audience_key(name) == name
