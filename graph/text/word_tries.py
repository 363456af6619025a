"""Many phrases as one regular expression that looks at each letter of a text once.

Belongs here: turning lists of phrases into patterns, and telling the texts in which none of them can stand,
which are most, without a pattern. Does not belong here: the phrases.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

_END = ""
_WORD = re.compile(r"[^\W_]+")  # an underscore may stand for the blank between two words
_GAP = r"[\s_-]"  # "paid-partnership" and a line break between the words are still the phrase


def trie_pattern(phrases: Iterable[str]) -> str:
    """The source of a pattern that matches the longest of the phrases, sharing their beginnings.

    Blanks in a phrase match one blank, line break, hyphen or underscore. A plain alternation tries every
    phrase at every word; the trie tries one letter, and cannot backtrack over more than one phrase.

    Raises:
        ValueError: if there is no phrase, or an empty one, which would match everywhere.
    """
    root: dict[str, dict] = {}
    for phrase in phrases:
        if not phrase:
            raise ValueError("An empty phrase matches everywhere; leave it out of the list.")
        node = root
        for letter in phrase:
            node = node.setdefault(letter, {})
        node[_END] = {}
    if not root:
        raise ValueError("No phrases to look for; give at least one.")
    return _source(root)


def whole_words(phrases: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds the phrases where they stand as whole words."""
    return re.compile(rf"(?<!\w)(?:{trie_pattern(phrases)})(?!\w)")


class WholeWords:
    """Phrases that stand as whole words, with a cheap first question: is the first word of one there at all?

    The pattern is compiled when a text first needs it.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        self._phrases = frozenset(phrases)
        self.openings = opening_words(self._phrases)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """See `whole_words`."""
        return whole_words(self._phrases)

    def may_stand_among(self, words: AbstractSet[str]) -> bool:
        """Whether a text with these words (from `words_of`) needs to be searched; False is certain."""
        return may_open(self.openings, words)


def words_of(text: str) -> set[str]:
    """The words of a text: its runs of letters and digits."""
    return set(_WORD.findall(text))


def opening_words(phrases: Iterable[str]) -> frozenset[str] | None:
    """The first word of each phrase, one of which a text must hold to hold a phrase as whole words.

    None where a phrase has no word in it: then every text has to be searched.
    """
    found = [_WORD.search(phrase) for phrase in phrases]
    words = frozenset(match.group() for match in found if match is not None)
    return words if all(found) else None


def may_open(openings: frozenset[str] | None, words: AbstractSet[str]) -> bool:
    """Whether one of the phrases with these openings can stand in a text with these words."""
    return openings is None or not openings.isdisjoint(words)


def _source(node: dict[str, dict]) -> str:
    branches = [
        (_GAP if letter == " " else re.escape(letter)) + _source(child)
        for letter, child in sorted(node.items())
        if letter != _END
    ]
    if not branches:
        return ""
    body = branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
    return f"(?:{body})?" if _END in node else body
