"""The one foreign script of the page: DataTables, as the `itables` wheel carries it.

Its path is the documented option `itables.options.dt_bundle`. The file is found without importing `itables`,
which would load a data frame library and take longer than the whole report.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from markupsafe import Markup

from pipelines.errors import VouchError

_BUNDLE = Path("html", "dt_bundle.js")
_EXPORTS = re.compile(r"\bexport\s*\{([^{}]*)\}")
_DEFAULT = re.compile(r"([\w$]+)\s+as\s+default\b")
# What ends a script, or opens a comment in one, as text inside the library's own texts and patterns.
_MARKUP = re.compile(r"<(?=!--|/?script)", re.IGNORECASE)


class LibraryError(VouchError):
    """The table library of the page is not there, or another than this Vouch knows."""


@cache
def data_tables() -> Markup:
    """The library as the text of a module script, after which `DataTable` is a name of the page."""
    spec = find_spec("itables")
    bundle = Path(spec.origin).parent / _BUNDLE if spec and spec.origin else None
    if bundle is None or not bundle.is_file():
        raise _unusable("it is not installed")
    text = bundle.read_text(encoding="utf-8")
    exports = _EXPORTS.search(text)
    default = exports and _DEFAULT.search(exports[1])
    if not exports or not default:
        raise _unusable("its bundle does not say what it exports")
    whole = f"{text[: exports.start()]};globalThis.DataTable={default[1]};{text[exports.end() :]}"
    return Markup(_MARKUP.sub(r"\\x3c", whole))  # noqa: S704 - a library of the installation, nothing of a stranger's


def _unusable(why: str) -> LibraryError:
    return LibraryError(
        f"The table library of the report (itables) cannot be used: {why}.",
        remedy="Install Vouch again as README says; it needs itables 2.9 or a later 2.x.",
    )
