"""Text from strangers, made safe for the place it is shown in.

Handles, names, bios and posts may hold terminal escapes, control characters, right-to-left overrides and
spreadsheet formulas. The lake keeps what was written; these functions act at the edge where it is shown.
HTML is not their business: the report's templates escape on their own.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from typing import TYPE_CHECKING

from graph.text.plain_text import plain, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ("did_you_mean", "plain", "shortened", "slug", "spreadsheet_safe")

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def spreadsheet_safe(text: str) -> str:
    """The text with a leading apostrophe where a spreadsheet would read it as a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


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


def slug(name: str) -> str:
    """A folder name for any text: readable where it can be, unique always.

    Names come from the data, so that dots, slashes, case and length cannot be trusted; a digest of the whole
    name keeps two that read alike apart. A name that ends as a digest does gets one too, or it could take the
    folder of the name that the digest belongs to.
    """
    readable = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40]
    if readable and readable == name and not re.search(r"(^|-)[0-9a-f]{8}$", name):
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{readable}-{digest}" if readable else digest
