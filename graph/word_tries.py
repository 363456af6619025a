"""Many phrases as one regular expression that looks at each letter of a text once.

Belongs here: turning lists of phrases into patterns. Does not belong here: the phrases.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_END = ""
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
