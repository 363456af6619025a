"""The strongest accounts that point to somebody, against a slow reference."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.arrays.strongest_sources import strongest_sources

N = 8


def rows_of(edges):
    """Offsets and targets of a set of edges."""
    ordered = sorted(edges)
    counts = np.bincount([a for a, _ in ordered], minlength=N)
    return np.r_[0, np.cumsum(counts)], np.array([b for _, b in ordered], dtype=np.uint32)


def slow(edges, voices, accounts, at_most):
    """Account by account, the first voices that point to it and are not itself."""
    return [
        (place, voice)
        for place, account in enumerate(accounts)
        for voice in [v for v in voices if (v, account) in edges and v != account][:at_most]
    ]


@settings(max_examples=150, deadline=None)
@given(
    st.sets(st.tuples(st.integers(0, N - 1), st.integers(0, N - 1))),
    st.lists(st.integers(0, N - 1), unique=True),
    st.lists(st.integers(0, N - 1), unique=True),
    st.integers(1, 4),
)
def test_agrees_with_the_slow_reference(edges, voices, accounts, at_most):
    place, source = strongest_sources(
        *rows_of(edges), np.array(voices, dtype=np.int64), np.array(accounts, dtype=np.int64), at_most
    )
    assert list(zip(place.tolist(), source.tolist(), strict=True)) == slow(edges, voices, accounts, at_most)


def test_the_strongest_come_first_and_nobody_vouches_for_themselves():
    offsets, targets = rows_of({(0, 3), (1, 3), (2, 3), (3, 3)})
    place, source = strongest_sources(offsets, targets, np.array([2, 3, 0, 1]), np.array([3]), at_most=2)
    assert place.tolist() == [0, 0]
    assert source.tolist() == [2, 0]


def test_nobody_asked_for_gives_nothing():
    offsets, targets = rows_of({(0, 1)})
    place, source = strongest_sources(offsets, targets, np.array([0]), np.array([], dtype=np.int64))
    assert place.size == source.size == 0
