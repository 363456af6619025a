from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.arrays.scatter import NOTHING
from graph.network.compressed_orders import UNKNOWN_TIME, both_orders, orders_of_pieces

EDGES = st.integers(1, 12).flatmap(
    lambda n: st.tuples(
        st.just(n),
        st.lists(
            st.tuples(st.integers(0, n - 1), st.integers(0, n - 1), st.sampled_from([UNKNOWN_TIME, 5, 7])),
            max_size=60,
        ),
    )
)


def slow(n, edges):
    """Sets and sorting: rows of targets, rows of sources, first known times in the order of the targets."""
    first = {}
    for a, b, time in edges:
        if a != b:
            known = [one for one in (first.get((a, b), UNKNOWN_TIME), time) if one != UNKNOWN_TIME]
            first[a, b] = min(known, default=UNKNOWN_TIME)
    targets = [sorted(b for a, b in first if a == node) for node in range(n)]
    sources = [sorted(a for a, b in first if b == node) for node in range(n)]
    times = [first[a, b] for a in range(n) for b in targets[a]]
    return targets, sources, times


def rows(offsets, entries):
    return [entries[a:b].tolist() for a, b in itertools.pairwise(offsets)]


@settings(max_examples=80, deadline=None)
@given(EDGES, st.sampled_from([None, 1, 20, 100]), st.booleans(), st.booleans())
def test_orders_are_what_sets_of_edges_say_in_one_pass_and_in_many(case, memory_bytes, with_times, overwrite):
    n, edges = case
    source, target, time = np.array(edges, dtype=np.uint32).reshape(-1, 3).T.copy()
    found = both_orders(
        n,
        source,
        target,
        time if with_times else None,
        overwrite=overwrite,
        memory_bytes=memory_bytes,
    )
    targets, sources, times = slow(n, edges)
    assert rows(found.source_offsets, found.targets) == targets
    assert rows(found.target_offsets, found.sources) == sources
    assert found.times is None if not with_times else found.times.tolist() == times
    assert found.to_itself == sum(a == b for a, b, _ in edges)
    assert found.repeated == len(edges) - found.to_itself - found.targets.size


DEALT_IN_FILES = {"scratch_near", "scratch_entries", "scratch_along"}


@pytest.mark.parametrize(("memory_bytes", "in_files"), [(None, set()), (4_000, DEALT_IN_FILES)])
def test_entries_may_lie_in_mapped_files(tmp_path, memory_bytes, in_files):
    *drawn, times = np.random.default_rng(1).integers(0, 300, (3, 5_001), dtype=np.uint32)
    given = []

    def room(name, size):
        given.append(name)
        return np.lib.format.open_memmap(tmp_path / f"{name}.npy", "w+", np.uint32, (size,))

    mapped = both_orders(300, *drawn, times, room=room, memory_bytes=memory_bytes)
    plain = both_orders(300, *drawn, times)
    assert isinstance(mapped.sources, np.memmap)
    assert set(given) & DEALT_IN_FILES == in_files
    for name in ("source_offsets", "targets", "target_offsets", "sources", "times"):
        assert np.array_equal(getattr(mapped, name), getattr(plain, name))


def test_edges_come_by_twice_however_little_memory_there_is():
    drawn = np.random.default_rng(2).integers(0, 300, (2, 5_000), dtype=np.uint32)
    walks = []

    def edges():
        walks.append(1)
        yield *drawn, NOTHING

    found = orders_of_pieces(300, edges, memory_bytes=1_000)
    assert len(walks) == 2
    assert np.array_equal(found.sources, both_orders(300, *drawn).sources)


@pytest.mark.parametrize("overwrite", [True, False])
def test_edges_are_written_over_where_that_is_allowed_and_only_there(overwrite):
    source, target = np.random.default_rng(3).integers(0, 300, (2, 5_000), dtype=np.uint32)
    before = source.copy(), target.copy()
    found = both_orders(300, source, target, overwrite=overwrite)
    assert np.shares_memory(found.sources, source) is overwrite
    assert np.shares_memory(found.targets, target) is overwrite
    if not overwrite:
        assert np.array_equal(source, before[0])
        assert np.array_equal(target, before[1])
