"""Follower quality: the table of audience types, and what its line of evidence says of them."""

from __future__ import annotations

import numpy as np
import pytest

from assets.shill.followers import _told, _types
from assets.shill.sentences import other_followers, suspicious_followers
from graph.shill.follower_quality import FOLLOWER_TYPES, FollowerQuality

NAN = float("nan")
SHARES = {"real": 0.7, "mass": 0.06, "influencer": 0.004, "dormant": 0.136, "suspicious": 0.1}


def found():
    """Two accounts, of which the first has too few profiled followers."""
    columns = {name: np.array([NAN, SHARES[name]]) for name in FOLLOWER_TYPES}
    return FollowerQuality(np.array([3, 50]), columns, columns, columns)


def test_only_measured_accounts_have_types_and_theirs_add_up():
    types = _types(found())
    assert types["node"].to_list() == [1] * len(FOLLOWER_TYPES)
    assert sorted(types["profile_type"]) == sorted(FOLLOWER_TYPES)
    assert types["share"].sum() == pytest.approx(1.0)
    assert set(types["n"]) == {50}


def test_the_line_names_the_other_types_without_traces():
    told = _told(found())
    assert told[0] is None
    assert told[1] == (
        "Of all profiled, 70 % look like ordinary people, 14 % show next to nothing and 6 % follow masses."
    )
    assert other_followers({"real": 0.0}) == ""


def test_none_is_said_with_how_many_there_may_be():
    assert suspicious_followers((0.0, 0.0, 0.034), 120, is_unusual=False) == (
        "None of 120 profiled followers stands out as unusual (at most 3.4 % may be)."
    )
    some = suspicious_followers(
        (0.2, 0.1, 0.3), 120, is_unusual=True, compared="; typical is 1 %", others="So."
    )
    assert some.startswith("20 % of 120 profiled followers look unusual:")
    assert "(between 10 % and 30 %); typical is 1 %. So. Followers can be sent by others" in some
