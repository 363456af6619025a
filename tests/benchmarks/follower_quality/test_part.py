"""The signs that the share is compared with, by hand, and the page where no labels are at hand."""

from __future__ import annotations

import numpy as np
import pytest

from graph.shill.profile_model import Profiles
from tests.benchmarks.follower_quality import rules
from tests.benchmarks.follower_quality.labelled import only
from tests.benchmarks.follower_quality.samples import _jensen_shannon
from tests.benchmarks.follower_quality.worlds import longest_run, repeated


def profiles(**facts):
    return Profiles(
        **{name: np.array([facts.get(name, np.nan)], dtype=float) for name in Profiles.__dataclass_fields__}
    )


def test_distances_runs_and_repeats():
    p, q = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    assert _jensen_shannon(p, p) == 0
    assert _jensen_shannon(p, q) == pytest.approx(1.0)
    assert longest_run(np.array([1.0, 5, 11, 100])) == 0.75
    assert repeated(np.array([7, 7, 7, 8, 0, 0, 0])) == pytest.approx(3 / 7)


def test_rules_give_nothing_for_what_is_unknown():
    empty = {"has_avatar": 0, "has_bio": 0, "posts_count": 0}
    assert rules.points(profiles(**empty))[0] == pytest.approx(rules.CAP)
    bought = empty | {"followers_count": 3, "following_count": 4_800}
    assert rules.points(profiles(**bought))[0] > rules.SUSPICIOUS_FROM
    assert rules.points(profiles())[0] == 0


def test_facts_can_be_hidden():
    seen = only(profiles(posts_count=3, followers_count=2, following_count=1), ("posts",))
    assert seen.posts_count[0] == 3
    assert np.isnan(seen.followers_count[0])
