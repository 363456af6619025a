"""docs/SCHEMA.md: the reference of the published file, written from the comments that the file carries.

Run `python -m pipelines.publish.reference` after a change to `sql/published`; a test compares the page.
"""

from __future__ import annotations

import sys
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from pipelines.engine import connect
from pipelines.publish.build import create_schema
from pipelines.statements import sql_folder, sql_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HEAD = """\
# The published file

`partners.duckdb` in the home is what people read: `vouch top`, the report, and every query of your own.
This page is written from the comments inside the file (`python -m pipelines.publish.reference`).

Open it read-only, so that neither you nor a publication waits for the other:

```sql
ATTACH 'vouch-home/partners.duckdb' AS partners (READ_ONLY);
USE partners;          -- the macros find their tables only once the file is in use
FROM help();           -- every macro, what it answers, and an example that runs
```

A publication replaces the file; whoever has it open keeps reading the old one, whole. Never write into it.
It is in the storage format of DuckDB 1.4, written and tested with 1.5. Times are UTC. What the data does not
say is NULL, never 0.

Who is a member of an audience stands in `audience_members`, with the weight that each one counts with and the
reason for it: personal data, so treat the file as you treat the list itself. The HTML report and the workbook
count members and name only those who are candidates or speak for a brand in public.
"""


class _Entry(NamedTuple):
    """A row of `sql/published/objects.sql`."""

    kind: str
    name: str
    column_name: str | None
    type: str | None
    comment: str


def schema_reference() -> str:
    """The text of docs/SCHEMA.md, made from an empty published schema."""
    with closing(connect()) as connection:
        create_schema(connection)
        rows = connection.execute(sql_text("published/objects")).fetchall()
    entries = [_Entry(*row) for row in rows]
    parts = [HEAD]
    for kind, title in (("view", "Views"), ("table", "Tables")):
        parts.append(f"\n## {title}\n")
        of_kind = [entry for entry in entries if entry.kind == kind]
        parts.extend(_with_columns(name, list(group)) for name, group in groupby(of_kind, itemgetter(1)))
    parts.append("\n## Macros\n\n")
    parts.extend(_macros(entry for entry in entries if entry.kind == "macro"))
    return "".join(parts)


def _with_columns(name: str, entries: list[_Entry]) -> str:
    own, *columns = entries
    lines = [f"\n### {name}\n\n{own.comment}\n\n", "| column | type | meaning |\n|---|---|---|\n"]
    lines.extend(f"| {entry.column_name} | {entry.type} | {_cell(entry.comment)} |\n" for entry in columns)
    return "".join(lines)


def _macros(entries: Iterable[_Entry]) -> Iterator[str]:
    yield "| macro | gives | what it answers, and how it is called with its defaults |\n|---|---|---|\n"
    for entry in entries:
        answers, call = _split_call(entry.comment)
        yield f"| {entry.name} | {entry.type} | {_cell(answers)} `{call}` |\n"


def _split_call(comment: str) -> tuple[str, str]:
    """A macro's comment ends with how it is called, after its last FROM or SELECT."""
    start = max(comment.rfind(" FROM "), comment.rfind(" SELECT "))
    return comment[:start], comment[start + 1 :]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    """Write docs/SCHEMA.md."""
    page = sql_folder().parent / "docs" / "SCHEMA.md"
    page.parent.mkdir(exist_ok=True)
    page.write_text(schema_reference(), encoding="utf-8")
    sys.stdout.write(f"{page}\n")


if __name__ == "__main__":
    main()
