from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graph.network.dense_ids import (
    _C2,
    IntegerIds,
    TextIds,
    TooManyIdsError,
    _brief_texts,
    _hash_texts,
    _mixed,
)


def numbers_of(ids):
    """The slow and obvious way: a dictionary that gives each new id the next number."""
    known = {}
    return [known.setdefault(one, len(known)) for one in ids], list(known)


def arrow(texts):
    """Texts as Arrow lays them out."""
    starts = np.cumsum([0, *map(len, texts)])
    return starts, np.frombuffer(b"".join(texts), dtype=np.uint8)


def known_texts(table):
    whole = table.bytes.tobytes()
    return [whole[a:b] for a, b in zip(table.starts[:-1].tolist(), table.starts[1:].tolist(), strict=True)]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(-9, 9), max_size=40), max_size=4))
def test_integers_are_numbered_as_they_first_appear(batches):
    table = IntegerIds()
    expected, known = numbers_of([one for batch in batches for one in batch])
    found = [table.number(np.array(batch, dtype=np.int64)) for batch in batches]
    assert [number for batch in found for number in batch.tolist()] == expected
    assert table.ids.tolist() == known
    assert len(table) == len(known)


ALIKE = st.text("ab", max_size=40).map(str.encode) | st.binary(max_size=20)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(ALIKE, max_size=40), max_size=4))
@example([[b"first", b"a" * 3_000, b"second", b"a" * 3_001, b"first"], [b"second", b"a" * 3_000]])
@example([[b"", b"\0", b"\0\0", b"", b"a" * 15, b"a" * 16, b"a" * 15 + b"b", b"a" * 23, b"a" * 24, b"a" * 7]])
@example([[b"12345678\0", b"12345678", b"1234567", b"12345678\0\0", b"12345678\0"]])
def test_texts_are_numbered_as_they_first_appear(batches):
    table = TextIds()
    expected, known = numbers_of([one for batch in batches for one in batch])
    found = [table.number(*arrow(batch)) for batch in batches]
    assert [number for batch in found for number in batch.tolist()] == expected
    assert known_texts(table) == known
    assert len(table) == len(known)


def test_texts_that_share_all_64_bits_of_the_hash_are_told_apart_by_their_bytes():
    """Of 16 bytes after the brief the second half can undo what a change of the first does to the hash."""
    mask, factor, beginning = 2**64 - 1, int(_C2), b"fifteen letters"
    words = [int.from_bytes(word, "little") for word in (beginning[:8], beginning[8:] + b"\xff")]
    start = int(_mixed(_mixed(np.uint64(words[0])) ^ np.uint64(words[1])))

    def after(first):
        state = ((start ^ first) * factor) & mask
        return state ^ (state >> 32)

    halves = [(first, after(first) ^ 12345) for first in range(200)]
    texts = [beginning + b"".join(half.to_bytes(8, "little") for half in pair) for pair in halves]
    hashes, briefs = np.empty(len(texts), dtype=np.uint64), np.empty(2 * len(texts), dtype=np.uint64)
    starts, text = arrow([*texts, b"x" * 16])
    _brief_texts(starts[:-1], text, briefs)
    _hash_texts(starts[:-1], text, briefs, hashes, np.uint64(0))
    assert np.unique(hashes).size == 1
    table = TextIds(key=0)
    assert table.number(*arrow(texts + texts[::-1])).tolist() == [*range(200), *range(200)[::-1]]
    assert known_texts(table) == texts


def test_no_number_depends_on_the_key_of_the_hash():
    ids = np.random.default_rng(0).integers(0, 99, 500)
    one, other = IntegerIds(key=1), IntegerIds(key=2)
    assert np.array_equal(one.number(ids), other.number(ids))


def test_tables_grow_over_many_blocks():
    ids = np.arange(300_000, dtype=np.int64)[::-1] * 7_919
    table = IntegerIds()
    assert table.number(ids).tolist() == list(range(ids.size))
    assert table.number(ids[::-1]).tolist() == list(range(ids.size))[::-1]
    texts = [b"%d" % one for one in ids[:150_000].tolist()]
    names = TextIds()
    assert names.number(*arrow(texts)).tolist() == list(range(len(texts)))
    assert names.number(*arrow(texts[::-1])).tolist() == list(range(len(texts)))[::-1]
    assert known_texts(names) == texts


def test_more_ids_than_allowed_are_refused_with_what_to_do():
    with pytest.raises(TooManyIdsError, match=r"more than 3 different account ids.*Split it") as caught:
        IntegerIds(most=3).number(np.arange(4))
    assert caught.value.most == 3
    with pytest.raises(TooManyIdsError, match="more than 3 different"):
        TextIds(most=3).number(*arrow([b"a", b"b", b"c", b"a", b"d"]))
    assert TextIds(most=3).number(*arrow([b"a", b"b", b"c", b"a"])).tolist() == [0, 1, 2, 0]


def test_nothing_is_numbered_as_nothing():
    assert IntegerIds().number(np.array([], dtype=np.int64)).size == 0
    assert TextIds().number(np.zeros(1, dtype=np.int64), np.array([], dtype=np.uint8)).size == 0


def test_numbers_are_written_where_they_are_wanted():
    out = np.full(9, 7, dtype=np.uint32)
    ids, names = IntegerIds(), TextIds()
    assert ids.number(np.array([5, -3, 5]), out[1:4]).base is out
    assert names.number(*arrow([b"a", b"b", b"a", b"c"]), out[4:8]).base is out
    assert out.tolist() == [7, 0, 1, 0, 0, 1, 0, 2, 7]


@pytest.mark.parametrize("out", [np.empty(2, np.uint32), np.empty(3, np.int64), np.empty((3, 1), np.uint32)])
def test_room_for_numbers_that_does_not_fit_is_refused(out):
    with pytest.raises(ValueError, match=r"3 numbers need room of shape \(3,\) and type uint32"):
        IntegerIds().number(np.array([5, 6, 5]), out)
    with pytest.raises(ValueError, match=r"3 numbers need room of shape \(3,\) and type uint32"):
        TextIds().number(*arrow([b"a", b"b", b"a"]), out)
