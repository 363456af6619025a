"""How the values of one column are written, as far as its first rows show: dates, numbers, flags, handles.

People's exports write them in the ways of their country and of their tools. Each function looks at one column
and says what a dataset.toml has to say of it; nothing where the contract reads it as it is.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pipelines.ingest.looking import ENOUGH, plain_name
from pipelines.ingest.synonyms import FLAG_WORDS, NESTED_IDS

if TYPE_CHECKING:
    from pipelines.ingest.looking import Folder, Seen

_DAYS = (
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%Y/%m/%d",
    "%d.%m.%y",
    "%d/%m/%y",
    "%m/%d/%y",
)
_CLOCKS = ("", " %H:%M", " %H:%M:%S", ", %H:%M", " %I:%M %p", " %I:%M:%S %p")
TIME_FORMATS = tuple(day + clock for day in _DAYS for clock in _CLOCKS)
_NEARLY_ALL = 0.95
_SOME = 0.02


def time_formats(folder: Folder, seen: Seen, column: str) -> list[str]:
    """The formats in which nearly all values are times; several where no value tells them apart."""
    marks = ", ".join(
        f"count(*) FILTER (time_from_format(v, '{known}') >= TIMESTAMP '1990-01-01')"
        for known in TIME_FORMATS
    )
    values = folder.values(seen, column).filter("v IS NOT NULL").limit(5000)
    filled, *read = values.aggregate(f"count(*), {marks}").fetchall()[0]
    most = max(read)
    if not filled or most < _NEARLY_ALL * filled:
        return []
    return [known for known, many in zip(TIME_FORMATS, read, strict=True) if many == most]


def decimal_mark(folder: Folder, seen: Seen, column: str, *, is_whole: bool) -> tuple[str | None, str]:
    """The mark before the fraction of numbers, None where they are plain, and one that leaves doubt.

    Args:
        folder: The files.
        seen: The file.
        column: Its column.
        is_whole: Whether the numbers are counts, so that what follows a mark is no fraction.
    """
    filled, plain, with_comma, with_point, telling, example = folder.numbers_written(seen, column)
    if plain == filled or max(with_comma, with_point) <= ENOUGH * filled or with_comma == with_point:
        return None, ""
    mark = "," if with_comma > with_point else "."
    return mark, "" if is_whole or telling else str(example)


def flag_words(folder: Folder, seen: Seen, column: str) -> dict[str, str]:
    """What yes and no are called in a column; nothing where any of its values is unknown."""
    found = [value for value, _ in folder.frequent_values(seen, column)]
    meant = {
        value: word for value in found for word, names in FLAG_WORDS.items() if plain_name(value) in names
    }
    return meant if len(meant) == len(found) else {}


def pointer_to_id(folder: Folder, seen: Seen, column: str) -> str | None:
    """The JSON pointer to the id inside the objects of a column; None where it holds none."""
    if seen.file.file_format != "jsonl":
        return None
    for value, _ in folder.frequent_values(seen, column)[:1]:
        try:
            inside = json.loads(value)
        except ValueError:
            return None
        if isinstance(inside, dict):
            by_name = {plain_name(key): key for key in inside}
            for name in NESTED_IDS:
                if name in by_name:
                    return f"/{_escaped(column)}/{_escaped(by_name[name])}"
    return None


def are_handles(folder: Folder, seen: Seen, column: str) -> bool:
    """Whether any noticeable part of a column's values is written as handles: with an @, or as an address."""
    looked_at, as_handles, _ = folder.handles_written(seen, column)
    return as_handles > _SOME * looked_at


def are_known_handles(folder: Folder, seen: Seen, column: str) -> bool:
    """Whether most values of a column are the handle of an account of the folder."""
    looked_at, _, known = folder.handles_written(seen, column)
    return known > ENOUGH * looked_at


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
