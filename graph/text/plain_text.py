"""Text from strangers as one printable line.

Belongs here: what makes a name or a text safe to stand inside a sentence, on a terminal or in a table. Does
not belong here: formats of their own (`pipelines.text`, the report's templates) and folding for comparison
(`graph.text.text_folding`).
"""

from __future__ import annotations

import unicodedata

# Marks that reorder or hide what stands around them. Plain right-to-left letters stay: they are language.
_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_KEPT_FORMAT = frozenset("\u200c\u200d")  # joiners that emoji and Persian or Indic spelling need


def plain(text: str, limit: int | None = None) -> str:
    """One printable line of a stranger's text.

    Control, surrogate, private-use and invisible format characters are removed, runs of white space become
    one blank, and what is longer than `limit` characters ends in an ellipsis.

    Args:
        text: Any text.
        limit: The greatest length of the result, at least 1, or None for no limit.
    """
    # Most text is plain already, and asking once is far cheaper than asking of every character: nothing that
    # is removed or replaced below (controls, marks of direction, other blanks) is printable to Python.
    kept = text if text.isprintable() else "".join(_printable(character) for character in text)
    line = " ".join(kept.split())
    if limit is not None and len(line) > limit:
        return line[: limit - 1].rstrip() + "…"
    return line


def shortened(identifier: str, longest: int = 24) -> str:
    """An id for a person's eye: a long one keeps its first eight and last four characters.

    Args:
        identifier: One printable line.
        longest: Ids of up to this many characters, at least 13, stay whole.
    """
    return identifier if len(identifier) <= longest else f"{identifier[:8]}…{identifier[-4:]}"


def _printable(character: str) -> str:
    if character.isspace():
        return " "
    if character in _BIDI_CONTROLS:
        return ""
    category = unicodedata.category(character)
    if category in {"Cc", "Cs", "Co"}:
        return ""
    if category == "Cf" and character not in _KEPT_FORMAT:
        return ""
    return character
