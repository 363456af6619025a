"""A text without a person where the text is a document of ours: an event of the run history, or an alert.

Only values are looked at. A name may be spelt like a key or a class of the document, and blanking those out
would leave a document that nothing can read.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pipelines.forgetting.tables import post_columns

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.forgetting.persons import Persons

REMOVED = "[removed]"
_OWN_KEY = "__"
"""How the keys of the orchestrator begin that say what a value is."""

_ROW = "TableRecord"
_TOLD = ("text", "audience")


def event_without(persons: Persons) -> Callable[[str], str]:
    """What blanks persons out of a text of the run history; a text without them stays as it is.

    In rows of the tables that the history shows, a cell that is a name or lists names is blanked out however
    short they are; not where it is a post's, which may bear the number of an account that did not write it.
    """
    mention, cell = persons.text_pattern, persons.cell_pattern

    def of_posts(text: str) -> str:
        numbers = {found.span() for found in cell.finditer(text)}
        return mention.sub(lambda found: found[0] if found.span() in numbers else REMOVED, text)

    def left(value: Any, *, is_row: bool) -> Any:
        if isinstance(value, str):
            return mention.sub(REMOVED, cell.sub(REMOVED, value) if is_row else value)
        if isinstance(value, list):
            return [left(one, is_row=is_row) for one in value]
        if isinstance(value, dict):
            within = is_row or value.get("__class__") == _ROW
            posts = post_columns(value) if within else frozenset()
            return {
                key: one
                if key.startswith(_OWN_KEY)
                else of_posts(one)
                if key in posts and isinstance(one, str)
                else left(one, is_row=within)
                for key, one in value.items()
            }
        return value

    def blanked(text: str) -> str:
        document = _document(text)
        if document is None:
            return mention.sub(REMOVED, text)
        found = left(document, is_row=False)
        return text if found == document else json.dumps(found)

    return blanked


def alert_without(persons: Persons) -> Callable[[str], str]:
    """What takes persons out of an alert's file; lines of its details go whole, with the names they show."""
    mention = persons.text_pattern

    def left(text: str) -> str:
        alert = _document(text)
        if not isinstance(alert, dict) or not isinstance(alert.get("details"), list):
            return mention.sub(REMOVED, text)
        kept = {
            key: mention.sub(REMOVED, value) if key in _TOLD and isinstance(value, str) else value
            for key, value in alert.items()
        }
        kept["details"] = [line for line in alert["details"] if not mention.search(str(line))]
        return text if kept == alert else json.dumps(kept, ensure_ascii=False, indent=2) + "\n"

    return left


def named_in_code(persons: Persons) -> re.Pattern[str]:
    """Finds persons in a line of code: mentions, and any name of theirs that stands in quotes."""
    names = "|".join(re.escape(name) for name in (*persons.account_ids, *persons.handles))
    return re.compile(rf"{persons.text_pattern.pattern}|(['\"])@?(?:{names})\1", re.IGNORECASE)


def _document(text: str) -> Any:
    """The JSON object or list that a text is, or None."""
    if not text.startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
