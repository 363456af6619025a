"""The parts of docs/INPUTS.md that follow from the contract: its tables and its rules.

The prose of the page is written by hand; what stands between its markers is made here. To renew it after a
change of the contract: `python -m pipelines.ingest.inputs_page docs/INPUTS.md`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.ingest.contract import RULES, TABLES, TYPE_MEANINGS, Table
from pipelines.weights import interaction_weights, trust_weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def renewed(page: str) -> str:
    """The page with everything between its markers made anew.

    Raises:
        ValueError: When a marker is missing.
    """
    for name, content in (
        ("tables", tables_markdown()),
        ("types", types_markdown()),
        ("rules", rules_markdown()),
        ("interaction weights", weights_markdown("kind", interaction_weights())),
        ("trust weights", weights_markdown("part", trust_weights())),
    ):
        begin, end = f"<!-- {name}: made from the contract -->\n", f"<!-- {name}: end -->"
        before, found, rest = page.partition(begin)
        _, found_end, after = rest.partition(end)
        if not found or not found_end:
            raise ValueError(f"the page has no marker {begin.strip()!r}, or none that ends it")
        page = f"{before}{begin}\n{content}\n\n{end}{after}"
    return page


def tables_markdown() -> str:
    """Every table of the contract with its columns."""
    return "\n\n".join(_table_markdown(table) for table in TABLES)


def types_markdown() -> str:
    """How each type of column is read."""
    rows = "\n".join(f"| {name} | {meaning} |" for name, meaning in TYPE_MEANINGS.items())
    return f"| type | what is understood |\n|---|---|\n{rows}"


def rules_markdown() -> str:
    """Every rule that refuses a value or a record."""
    rows = "\n".join(f"| `{name}` | {meaning} |" for name, meaning in RULES.items())
    return f"| rule | meaning |\n|---|---|\n{rows}"


def weights_markdown(named: str, table: Iterable[Mapping[str, str]]) -> str:
    """A table of weights with its reasons; `named` is the column that tells its rows apart."""
    rows = "\n".join(f"| `{row[named]}` | {row['weight']} | {row['why']} |" for row in table)
    return f"| {named} | weight | why |\n|---|---|---|\n{rows}"


def _table_markdown(table: Table) -> str:
    columns = "\n".join(
        f"| {f'**{column.name}**' if column.required else column.name} | {column.type} | {column.meaning} |"
        for column in table.columns
    )
    key = f"One row per {', '.join(table.natural_key)}."
    if table.told_apart_by:
        key += f" Rows without {' and '.join(table.told_apart_by)} are never merged."
    cut = (
        f" Rows with a later {table.happens_at} than the as-of day are left out." if table.happens_at else ""
    )
    head = f"### {table.name}: {table.meaning}\n\n| column | type | meaning |\n|---|---|---|"
    return f"{head}\n{columns}\n\n{key}{cut}"


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(renewed(target.read_text(encoding="utf-8")), encoding="utf-8")
