"""Text from strangers, made safe for the place it is shown in.

Handles, names, bios and posts may hold terminal escapes, control characters, right-to-left overrides and
spreadsheet formulas. The lake keeps what was written; these functions act at the edge where it is shown.
HTML is not their business: the report's templates escape on their own.
"""

from __future__ import annotations

import difflib
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
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
    # Most text is plain already, and asking once is far cheaper than asking of every character.
    is_plain = text.isascii() and text.isprintable()
    kept = text if is_plain else "".join(_printable(character) for character in text)
    line = " ".join(kept.split())
    if limit is not None and len(line) > limit:
        return line[: limit - 1].rstrip() + "…"
    return line


def spreadsheet_safe(text: str) -> str:
    """The text with a leading apostrophe where a spreadsheet would read it as a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


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


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A sentence with the nearest known name, or an empty text."""
    names = list(known)
    close = difflib.get_close_matches(
        name.casefold(), [known_name.casefold() for known_name in names], 1, 0.6
    )
    for known_name in names:
        if close and known_name.casefold() == close[0]:
            return f"Did you mean {known_name!r}?"
    return ""
