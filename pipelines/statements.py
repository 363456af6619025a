"""The statements of `sql/` as text, found in a checkout and in an installed wheel alike.

Kept apart from the engine that runs them, so that a reader of the published file need not import polars.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parent.parent / "sql"
_INSTALLED = Path(__file__).resolve().parent / "_sql"


def sql_folder() -> Path:
    """The folder of statements: the checkout's `sql/`, or its copy inside an installed wheel."""
    return _CHECKOUT if _CHECKOUT.is_dir() else _INSTALLED


@cache
def sql_text(name: str) -> str:
    """The statement `sql/<name>.sql`, for example `published/schema`."""
    return (sql_folder() / f"{name}.sql").read_text(encoding="utf-8")


def quoted(text: str) -> str:
    """The text as an SQL string literal, for the few statements that take no parameters, such as ATTACH."""
    return "'" + text.replace("'", "''") + "'"
