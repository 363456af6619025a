"""Calls to share: posts that ask readers to pass them on, tag somebody or quote them.

Belongs here: whether a text asks. Does not belong here: the phrases (`pipelines.lexicons`), and what follows
for the talk that answers a call (`graph.trust.word_of_mouth`).

A phrase has a grade: `ask` decides by itself ("tag a friend", "RT to win"); `contest` and `act` decide
together ("giveaway" and "share"), unless the post says that the contest is `over`; `deny` says the contrary
("don't retweet"), and being the longer phrase it keeps its words from being read as a call.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from graph.sponsorship.disclosure_lexicon import GAPS
from graph.text.text_folding import fold
from graph.text.word_tries import WholeWords, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graph.arrays.sparse_rows import BoolArray

CALL_GRADES = ("ask", "contest", "act", "over", "deny")
MAX_CHARACTERS = 5_000
"""A call that starts later is read by nobody."""

_STRENGTH = {grade: place for place, grade in enumerate(("deny", "ask", "over", "contest", "act"))}


class CallsToShareError(ValueError):
    """Rows that cannot be compiled; the message lists all of them."""


@dataclass(frozen=True)
class CallsToShare:
    """The phrases compiled for matching.

    Attributes:
        grades: folded phrase, with single blanks, to its grade.
        phrases: finds the longest of them that stand as whole words.
    """

    grades: Mapping[str, str]
    phrases: WholeWords


def compile_calls(rows: Iterable[Mapping[str, str]]) -> CallsToShare:
    """The phrases ready for `asks_to_share`; hashtags match with their words apart or run together.

    The same rows are compiled once per process.

    Where two languages grade the same spelling differently, the cautious grade counts: denial before call.

    Args:
        rows: Mappings with `phrase` and `grade`.

    Raises:
        CallsToShareError: naming every row whose grade is unknown or whose phrase is empty.
    """
    return _compiled(tuple((row["phrase"], row["grade"]) for row in rows))


@lru_cache(maxsize=4)
def _compiled(rows: tuple[tuple[str, str], ...]) -> CallsToShare:
    grades: dict[str, str] = {}
    faults = []
    for number, (written, grade) in enumerate(rows, start=1):
        phrase = GAPS.sub(" ", fold(written))
        if grade not in CALL_GRADES or not phrase.strip():
            faults.append(f"row {number}: phrase {written!r}, grade {grade!r}")
            continue
        for spelling in {phrase, "#" + phrase.replace(" ", "")} if " " in phrase else {phrase}:
            known = grades.get(spelling, grade)
            grades[spelling] = min(known, grade, key=_STRENGTH.__getitem__)
    if faults or not grades:
        shown = "; ".join(faults) or "no phrases at all"
        raise CallsToShareError(f"The calls to share cannot be compiled: {shown}. Grades are {CALL_GRADES}.")
    return CallsToShare(grades, WholeWords(grades))


def asks_to_share(text: str | None, calls: CallsToShare) -> bool:
    """Whether a post asks its readers to pass it on, tag somebody or quote it. None and empty ask nothing."""
    if not text:
        return False
    # "RT @somebody:" says where words come from and asks for nothing
    small = fold(text[:MAX_CHARACTERS]).replace("rt @", "@")
    if not calls.phrases.may_stand_among(words_of(small)):
        return False
    found = {calls.grades[GAPS.sub(" ", match.group())] for match in calls.phrases.pattern.finditer(small)}
    return "ask" in found or ("contest" in found and "act" in found and "over" not in found)


def which_ask(texts: Sequence[str | None], calls: CallsToShare) -> BoolArray:
    """`asks_to_share` for many posts, bool[k]; a text that occurs again is read once."""
    answers = {text: asks_to_share(text, calls) for text in set(texts)}
    return np.array([answers[text] for text in texts], dtype=bool)
