"""Tone of short messages: more signs of liking than of dislike, or the reverse. Coarse on purpose.

A small table of plain words and emoji in nine languages, negation turned round, nothing else: no irony, no
grammar. It says how an exchange reads on the whole, with what it rests on, and is no part of trust. The table
is `pipelines.lexicons`' work; denials of payment, which are about one subject only, are in
`graph.sponsorship.negations`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graph.arrays.spans import spans
from graph.statistics.intervals import wilson_interval
from graph.text.text_folding import ADDRESSES, TEXT_END, fold, folded_join

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import FloatArray, IntegerArray

TONES: Mapping[str, int] = {"positive": 1, "negative": -1, "negation": 0}
"""The values of the table's column `tone`, with the sign that each gives a message."""
NEGATION_REACH = 3
"""A negation turns round the words of tone among the next three words of its sentence."""
MIN_MESSAGES = 5
"""Messages with any sign of tone below which an account's tone is not stated."""

CHARACTERS_AT_ONCE = 2_000_000
"""Characters that are read in one go; bounds the memory."""

CLEARLY_NEGATIVE = -0.5
"""Tone of a message from which down it clearly reads negative: three signs of dislike for one of liking."""

_ARABIC_PREFIXES = ("و", "ال", "وال")
_NEGATION, _STOP, _END = 2, 3, 4
# a word (with its apostrophe), a sign that is no letter, the end of a sentence or of a text
_TOKENS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|[.!?;:,\n؟،؛。…]|[^\w\s]")
_STOPS = frozenset(".!?;:,\n؟،؛。…")


class ToneTableError(ValueError):
    """Rows of a tone table that cannot be used; the message lists all of them."""


@dataclass(frozen=True)
class ToneLexicon:
    """Folded words and emoji with their part: 1 positive, −1 negative, 2 negation."""

    parts: Mapping[str, int]


@dataclass(frozen=True)
class Tone:
    """Tone per account; arrays of one length.

    Attributes:
        tone: float64, mean over the messages with any sign of tone, −1 (all dislike) to 1 (all liking); NaN
            below `MIN_MESSAGES` of them.
        tone_low: float64, lower end of its 95 % interval.
        tone_high: float64, upper end.
        tone_messages: int64, messages with any sign of tone, on which it rests.
        tone_coverage: float64, their share of all messages; NaN where there are none.
    """

    tone: FloatArray
    tone_low: FloatArray
    tone_high: FloatArray
    tone_messages: NDArray[np.int64]
    tone_coverage: FloatArray


def compile_tone(rows: Iterable[Mapping[str, str]]) -> ToneLexicon:
    """Fold the rows of a tone table.

    Args:
        rows: with `word` and `tone`, one of `TONES`. A word of two languages may stand twice.

    Raises:
        ToneTableError: if a tone is unknown, a word is not one word when folded, or one word has two tones.
    """
    parts: dict[str, int] = {}
    faults = []
    for row in rows:
        word, tone = fold(row["word"]), row["tone"]
        if tone not in TONES:
            faults.append(f"{row['word']!r}: the tone {tone!r} is none of {', '.join(TONES)}")
        elif _TOKENS.fullmatch(word) is None:
            faults.append(f"{row['word']!r} is not one word or one emoji")
        elif parts.setdefault(word, TONES[tone] or _NEGATION) != (TONES[tone] or _NEGATION):
            faults.append(f"{row['word']!r} has two tones")
    if faults:
        raise ToneTableError("The tone table cannot be used: " + "; ".join(faults) + ".")
    for word, part in list(parts.items()):
        if "\u0621" <= word[0] <= "\u064a" and part != _NEGATION:
            for prefix in _ARABIC_PREFIXES:  # "and", "the" and "and the" are written onto the word
                parts.setdefault(prefix + word, part)
    return ToneLexicon(parts)


def message_tones(texts: Sequence[str], lexicon: ToneLexicon) -> FloatArray:
    """Tone of each text: (signs of liking − signs of dislike) ÷ all signs; NaN where there are none.

    A negation within `NEGATION_REACH` words before a word, in the same sentence, turns its sign round; emoji
    are never turned round; mentions and links are no words. One word counts as often as it stands there.

    Returns:
        float64[texts] in [−1, 1].
    """
    length = np.array([len(text) for text in texts], dtype=np.int64)
    pieces = [_tones(texts[low:high], lexicon) for low, high in spans(length, CHARACTERS_AT_ONCE)]
    return np.concatenate([np.zeros(0), *pieces])


def _tones(texts: Sequence[str], lexicon: ToneLexicon) -> FloatArray:
    """`message_tones` in one go."""
    tokens = _TOKENS.findall(ADDRESSES.sub(" ", folded_join(texts)))
    special = dict.fromkeys(_STOPS, _STOP) | {TEXT_END: _END}
    known = {**lexicon.parts, **special}
    part = np.array([known.get(token, 0) for token in tokens], dtype=np.int8)
    is_word = np.array([token[0].isalpha() for token in tokens], dtype=bool)
    sign = np.where(np.abs(part) == 1, part, 0).astype(np.int64)
    sentence = np.cumsum((part == _STOP) | (part == _END))
    turned = np.zeros(part.size, dtype=bool)
    for reach in range(1, NEGATION_REACH + 1):
        denied = (part[:-reach] == _NEGATION) & (sentence[:-reach] == sentence[reach:])
        turned[reach:] |= denied
    sign[turned & is_word] *= -1
    text = np.cumsum(part == _END)
    liked = np.bincount(text, weights=sign > 0, minlength=len(texts))
    disliked = np.bincount(text, weights=sign < 0, minlength=len(texts))
    signs = liked + disliked
    return np.divide(liked - disliked, signs, out=np.full(len(texts), np.nan), where=signs > 0)


def tone_by_account(n_accounts: int, account: IntegerArray, tones: FloatArray) -> Tone:
    """Mean tone of each account's messages.

    The interval is Wilson's for (1 + tone) / 2: a mean of values between −1 and 1 varies at most as much as a
    share does, so the interval is cautious where messages are mixed in themselves.

    Args:
        n_accounts: number of accounts, n.
        account: int[messages], 0..n-1, whose exchange a message belongs to.
        tones: float64[messages], as `message_tones` gives them.
    """
    signed = ~np.isnan(tones)
    messages = np.bincount(account, minlength=n_accounts)
    rests_on = np.bincount(account[signed], minlength=n_accounts)
    total = np.bincount(account[signed], weights=tones[signed], minlength=n_accounts)
    enough = rests_on >= MIN_MESSAGES
    trials = np.where(enough, rests_on, np.nan)
    low, high = wilson_interval((total + rests_on) / 2, trials)
    return Tone(
        tone=total / trials,
        tone_low=2 * low - 1,
        tone_high=2 * high - 1,
        tone_messages=rests_on.astype(np.int64),
        tone_coverage=rests_on / np.where(messages > 0, messages, np.nan),
    )
