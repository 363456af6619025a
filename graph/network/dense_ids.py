"""Ids to dense numbers: 0, 1, 2, … in the order in which the ids first appear.

A table with open addressing holds the number of every id seen so far. An id is looked up at the place that
its hash says and then at the next places (linear probing) until its number or an empty place is found; the
table is never more than half full, so that two probes are usual. Numbers are given in order, so the result
depends on nothing but the ids and their order. Two ids that share a hash are told apart by comparing them in
full: the hash only says where to look. What a lookup will need is asked for a few dozen lookups before, so
that it does not wait for memory.

Cost: one random access to the table per id, and for text one more to the id found, or two where it is longer
than 15 bytes. Memory: per distinct integer 8 bytes and 32 to 64 for its places in the table; per distinct
text its bytes, 24 beside them and 16 to 32 for its places.

Text comes as Arrow lays it out: all bytes in one array, and where each text starts.

References:
    Knuth, The Art of Computer Programming, volume 3, section 6.4, algorithm L.
    Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014: the mixing function.
"""

from __future__ import annotations

from secrets import randbits
from typing import TYPE_CHECKING

import numpy as np

from graph.arrays.compiled import compiled
from graph.arrays.prefetch import AHEAD, prefetch, prefetch_to_write

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_IDS = 2**32 - 1
"""Distinct ids that 32 bit numbers can tell apart; with the highest one text marks an empty place."""

_NOBODY = np.int64(-1)  # the number of an empty place
_EMPTY_TEXT = np.uint64(0xFFFFFFFFFFFFFFFF)
_LOW = np.uint64(0xFFFFFFFF)
_LONGEST_BRIEF, _LONG = np.uint64(15), np.uint64(0xFF)
_FIRST_PLACES = 1 << 12
_BLOCK = 1 << 16
_HASHED = 1 << 12  # texts that are hashed before they are looked up
_MARGIN = 16  # bytes
_C1, _C2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S27, _S30, _S31 = np.uint64(27), np.uint64(30), np.uint64(31)
_U1, _U2, _U3, _U4, _U5, _U6, _U7 = (np.uint64(number) for number in range(1, 8))
_S8, _S16, _S24, _S32, _S40, _S48, _S56 = (np.uint64(8 * number) for number in range(1, 8))


class TooManyIdsError(ValueError):
    """More distinct ids than can be numbered.

    Attributes:
        most: How many can.
    """

    def __init__(self, most: int) -> None:
        super().__init__(
            f"There are more than {most:,} different account ids, the most that one network can have. "
            "Split it, by platform or by country for instance, and run each part by itself."
        )
        self.most = most


class IntegerIds:
    """Numbers for 64 bit ids, negative ones included.

    Args:
        most: Distinct ids that are allowed, at most `MOST_IDS`.
        key: What the hash starts from; drawn by default. No result depends on it.
    """

    def __init__(self, most: int = MOST_IDS, key: int | None = None) -> None:
        self._most = min(most, MOST_IDS)
        self._key = _hash_key(key)
        self._count = 0
        self._ids = np.empty(_FIRST_PLACES, dtype=np.int64)
        self._places = np.full((_FIRST_PLACES, 2), _NOBODY)

    def __len__(self) -> int:
        return self._count

    @property
    def ids(self) -> NDArray[np.int64]:
        """int64[n]: the id of each number."""
        return self._ids[: self._count]

    def number(self, ids: NDArray[np.int64], out: NDArray[np.uint32] | None = None) -> NDArray[np.uint32]:
        """uint32[k]: the number of each of these ids; new ids get the next numbers.

        Args:
            ids: int64[k].
            out: uint32[k], where they are written; a new array by default.

        Raises:
            TooManyIdsError: when there are more distinct ids than allowed.
            ValueError: when `out` has another size or type.
        """
        ids = np.ascontiguousarray(ids, dtype=np.int64)
        numbers = _room_for_numbers(ids.size, out)
        for start in range(0, ids.size, _BLOCK):
            block = ids[start : start + _BLOCK]
            self._make_room(block.size)
            self._count = _number_integers(
                block,
                numbers[start : start + _BLOCK],
                self._places,
                self._ids,
                self._count,
                self._key,
            )
            if self._count > self._most:
                raise TooManyIdsError(self._most)
        return numbers

    def _make_room(self, more: int) -> None:
        """Let so many new ids in without the table being more than half full."""
        needed = self._count + more
        self._ids = _grown(self._ids, self._count, needed)
        if 2 * needed > len(self._places):
            self._places = np.full((_places_for(needed), 2), _NOBODY)
            _place_integers(self._ids, self._count, self._places, self._key)


class TextIds:
    """Numbers for ids that are text, compared byte by byte.

    Args:
        most: Distinct ids that are allowed, at most `MOST_IDS`.
        key: What the hash starts from; drawn by default. No result depends on it.
    """

    def __init__(self, most: int = MOST_IDS, key: int | None = None) -> None:
        self._most = min(most, MOST_IDS)
        self._key = _hash_key(key)
        self._count = 0
        self._starts = np.zeros(_FIRST_PLACES + 1, dtype=np.int64)
        self._bytes = np.empty(_FIRST_PLACES, dtype=np.uint8)
        self._briefs = np.empty(2 * _FIRST_PLACES, dtype=np.uint64)
        self._places = np.full(_FIRST_PLACES, _EMPTY_TEXT)

    def __len__(self) -> int:
        return self._count

    @property
    def starts(self) -> NDArray[np.int64]:
        """int64[n + 1]: where the bytes of each number's id start, and where the last ends."""
        return self._starts[: self._count + 1]

    @property
    def bytes(self) -> NDArray[np.uint8]:
        """The bytes of all ids, one after the other in the order of the numbers."""
        return self._bytes[: self._starts[self._count]]

    def number(
        self, starts: NDArray[np.int64], text: NDArray[np.uint8], out: NDArray[np.uint32] | None = None
    ) -> NDArray[np.uint32]:
        """uint32[k]: the number of each of these texts; new ones get the next numbers.

        Args:
            starts: int64[k + 1], ascending: text i is `text[starts[i]:starts[i + 1]]`.
            text: uint8, the bytes.
            out: uint32[k], where the numbers are written; a new array by default.

        Raises:
            TooManyIdsError: when there are more distinct ids than allowed.
            ValueError: when `out` has another size or type.
        """
        starts = np.ascontiguousarray(starts, dtype=np.int64)
        text = np.ascontiguousarray(text, dtype=np.uint8)
        numbers = _room_for_numbers(starts.size - 1, out)
        for start in range(0, numbers.size, _BLOCK):
            block, its_text = _with_margin(starts[start : start + _BLOCK + 1], text)
            self._make_room(block.size - 1, int(block[-1] - block[0]))
            self._count = _number_texts(
                block,
                its_text,
                numbers[start : start + _BLOCK],
                self._places,
                (self._starts, self._bytes, self._briefs),
                self._count,
                self._key,
            )
            if self._count > self._most:
                raise TooManyIdsError(self._most)
        return numbers

    def _make_room(self, more: int, more_bytes: int) -> None:
        """Let so many new ids of so many bytes in without the table being more than half full."""
        needed = self._count + more
        used = int(self._starts[self._count])
        self._starts = _grown(self._starts, self._count + 1, needed + 1)
        self._bytes = _grown(self._bytes, used, used + more_bytes)
        self._briefs = _grown(self._briefs, 2 * self._count, 2 * needed)
        if 2 * needed > self._places.size:
            self._places = np.full(_places_for(needed), _EMPTY_TEXT)
            known = self._starts, self._bytes, self._briefs
            _place_texts(known, self._count, self._places, self._key)


def _hash_key(key: int | None) -> np.uint64:
    """A key that nobody knows beforehand, so that no ids can be prepared to share one place of the table."""
    return np.uint64(randbits(64) if key is None else key)


def _room_for_numbers(size: int, out: NDArray[np.uint32] | None) -> NDArray[np.uint32]:
    """The array that so many numbers are written to."""
    if out is None:
        return np.empty(size, dtype=np.uint32)
    if out.shape != (size,) or out.dtype != np.uint32:
        raise ValueError(
            f"{size} numbers need room of shape ({size},) and type uint32, not {out.shape} and {out.dtype}."
        )
    return out


def _with_margin(
    starts: NDArray[np.int64], text: NDArray[np.uint8]
) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Texts of which two words may be read wherever one starts: the last ones are copied."""
    if starts[-1] + _MARGIN <= text.size:
        return starts, text
    copied = np.zeros(starts[-1] - starts[0] + _MARGIN, dtype=np.uint8)
    copied[:-_MARGIN] = text[starts[0] : starts[-1]]
    return starts - starts[0], copied


def _places_for(needed: int) -> int:
    """A power of two that leaves the table between a quarter and a half full."""
    return 1 << (2 * needed).bit_length()


def _grown(array: NDArray, used: int, needed: int) -> NDArray:
    """An array that holds `needed` elements, with the first `used` of this one."""
    if needed <= array.size:
        return array
    larger = np.empty(max(needed, array.size + array.size // 2), dtype=array.dtype)
    larger[:used] = array[:used]
    return larger


@compiled
def _mixed(x):  # noqa: ANN001, ANN202 - compiled for 64 bit numbers without sign
    """A hash of 64 bits whose every bit depends on every bit of `x`."""
    x = (x ^ (x >> _S30)) * _C1
    x = (x ^ (x >> _S27)) * _C2
    return x ^ (x >> _S31)


@compiled
def _number_integers(ids, out, places, known, count, key):  # noqa: ANN001, ANN202
    """Write the number of each id to `out`; add new ones to the table and to `known`; the new count.

    A place holds an id and beside it its number, so that one look at memory brings both.
    """
    mask = np.uint64(len(places) - 1)
    first = np.empty(AHEAD, np.uint64)
    for i in range(min(AHEAD, ids.size)):
        first[i] = _mixed(np.uint64(ids[i]) ^ key) & mask
    for i in range(ids.size):
        one, place = ids[i], first[i % AHEAD]
        if i + AHEAD < ids.size:
            soon = _mixed(np.uint64(ids[i + AHEAD]) ^ key) & mask
            prefetch(places, _U2 * soon)
            first[i % AHEAD] = soon
        while True:
            number = places[place, 1]
            if number == _NOBODY:
                number = count
                places[place, 0] = one
                places[place, 1] = number
                known[count] = one
                count += 1
                break
            if places[place, 0] == one:
                break
            place = (place + _U1) & mask
        out[i] = number
    return count


@compiled
def _place_integers(known, count, places, key):  # noqa: ANN001, ANN202
    """Fill an empty table with the first `count` of the known ids."""
    mask = np.uint64(len(places) - 1)
    for number in range(count):
        if number + AHEAD < count:
            soon = _mixed(np.uint64(known[number + AHEAD]) ^ key) & mask
            prefetch_to_write(places, _U2 * soon)
        place = _mixed(np.uint64(known[number]) ^ key) & mask
        while places[place, 1] != _NOBODY:
            place = (place + _U1) & mask
        places[place, 0] = known[number]
        places[place, 1] = number


@compiled
def _word(text, at):  # noqa: ANN001, ANN202 - the eight loads become one; indices without sign need no check
    """The eight bytes from `at` on as one number, the first byte lowest."""
    return (
        np.uint64(text[at])
        | (np.uint64(text[at + _U1]) << _S8)
        | (np.uint64(text[at + _U2]) << _S16)
        | (np.uint64(text[at + _U3]) << _S24)
        | (np.uint64(text[at + _U4]) << _S32)
        | (np.uint64(text[at + _U5]) << _S40)
        | (np.uint64(text[at + _U6]) << _S48)
        | (np.uint64(text[at + _U7]) << _S56)
    )


@compiled
def _lowest(word, size):  # noqa: ANN001, ANN202
    """The lowest `size` bytes of a number; all eight of them too, for which one shift would be too far."""
    half = size << _U2
    return word & (((_U1 << half) << half) - _U1)


@compiled
def _brief_texts(starts, text, briefs):  # noqa: ANN001, ANN202
    """Write two numbers that stand for each text: one of up to 15 bytes with its size, or its first 15.

    Sixteen bytes are read wherever a text starts: a branch on its size could not be foreseen.
    """
    for i in range(starts.size - 1):
        at = np.uint64(starts[i])
        size = np.uint64(starts[i + 1]) - at
        in_first = min(size, _S8)
        in_second = min(size - in_first, _U7)
        told = size if size <= _LONGEST_BRIEF else _LONG
        briefs[2 * i] = _lowest(_word(text, at), in_first)
        briefs[2 * i + 1] = _lowest(_word(text, at + _S8), in_second) | (told << _S56)


@compiled
def _hash_texts(starts, text, briefs, hashes, key):  # noqa: ANN001, ANN202
    """Write a hash of every text: of its brief, then of what goes beyond it.

    Of that, eight bytes are taken at a time, the last eight overlapping those before.
    """
    is_any_long = False
    for i in range(hashes.size):
        hashes[i] = _mixed(_mixed(briefs[2 * i] ^ key) ^ briefs[2 * i + 1])
        is_any_long |= briefs[2 * i + 1] >> _S56 == _LONG
    if not is_any_long:
        return
    for i in range(hashes.size):
        at, end = np.uint64(starts[i]), np.uint64(starts[i + 1])
        size = end - at
        if size > _LONGEST_BRIEF:
            state = hashes[i]
            at += _LONGEST_BRIEF
            last = end - _S8
            while at < last:
                state = (state ^ _word(text, at)) * _C2
                state ^= state >> _S32
                at += _S8
            hashes[i] = _mixed(state ^ _word(text, last) ^ size)


@compiled
def _is_same(one, at, end, other, start, size):  # noqa: ANN001, ANN202
    """Whether the bytes of `one` from `at` to `end` are the `size` bytes of `other` from `start` on."""
    if end - at != size:
        return False
    done = np.uint64(0)
    while done + _S8 <= size:
        if _word(one, at + done) != _word(other, start + done):
            return False
        done += _S8
    while done < size:
        if one[at + done] != other[start + done]:
            return False
        done += _U1
    return True


@compiled
def _number_texts(starts, text, out, places, known, count, key):  # noqa: ANN001, ANN202
    """Write the number of each text to `out`; add new ones to the table and the known; the new count.

    A place keeps the upper half of the hash above the number, so that a text is looked at only where that
    half agrees; the brief of a known text tells short ones apart without a look at its bytes. Sixteen bytes
    have to follow the start of every text.
    """
    known_starts, known_bytes, known_briefs = known
    mask = np.uint64(places.size - 1)
    hashes, briefs = np.empty(_HASHED, np.uint64), np.empty(2 * _HASHED, np.uint64)
    for run in range(0, out.size, _HASHED):
        hashed = min(_HASHED, out.size - run)
        _brief_texts(starts[run : run + hashed + 1], text, briefs)
        _hash_texts(starts[run : run + hashed + 1], text, briefs, hashes[:hashed], key)
        for j in range(hashed):
            if j + 2 * AHEAD < hashed:
                prefetch(places, hashes[j + 2 * AHEAD] & mask)
            if j + AHEAD < hashed:
                prefetch(known_briefs, _U2 * (places[hashes[j + AHEAD] & mask] & _LOW))
            first, second = briefs[2 * j], briefs[2 * j + 1]
            start = np.uint64(starts[run + j])
            size = np.uint64(starts[run + j + 1]) - start
            half = hashes[j] >> _S32
            place = hashes[j] & mask
            while True:
                number = places[place] & _LOW
                if number == _LOW:
                    number = np.uint64(count)
                    places[place] = (half << _S32) | number
                    known_briefs[_U2 * number] = first
                    known_briefs[_U2 * number + _U1] = second
                    at = np.uint64(known_starts[number])
                    for done in range(size):
                        known_bytes[at + done] = text[start + done]
                    known_starts[number + _U1] = np.int64(at + size)
                    count += 1
                    break
                if (
                    places[place] >> _S32 == half
                    and known_briefs[_U2 * number] == first
                    and known_briefs[_U2 * number + _U1] == second
                    and (
                        size <= _LONGEST_BRIEF
                        or _is_same(
                            known_bytes,
                            np.uint64(known_starts[number]),
                            np.uint64(known_starts[number + _U1]),
                            text,
                            start,
                            size,
                        )
                    )
                ):
                    break
                place = (place + _U1) & mask
            out[run + j] = number
    return count


@compiled
def _place_texts(known, count, places, key):  # noqa: ANN001, ANN202
    """Fill an empty table with the first `count` of the known texts."""
    starts, text, briefs = known
    mask = np.uint64(places.size - 1)
    hashes = np.empty(count, np.uint64)
    _hash_texts(starts[: count + 1], text, briefs, hashes, key)
    for number in range(count):
        if number + AHEAD < count:
            prefetch_to_write(places, hashes[number + AHEAD] & mask)
        place = hashes[number] & mask
        while places[place] & _LOW != _LOW:
            place = (place + _U1) & mask
        places[place] = ((hashes[number] >> _S32) << _S32) | np.uint64(number)
