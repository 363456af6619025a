"""From a file's rows of text to typed rows of one table, each with the rules that it breaks.

A staged file has the table's columns, and besides them: `file_number` and `line` (where the row stands),
`ordinal` (their order in one number), `faults` (column, value, rule), `is_rejected` (a required value is
missing or refused) and `is_after` (it happened after the as-of day). Expressions are put together from the
contract's own names, quoted identifiers and quoted literals only; the rules themselves stand in
`sql/ingest/macros.sql`.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from pipelines.ingest.contract import SQL_TYPES, TABLE_BY_NAME, Column, Table
from pipelines.ingest.errors import Fault, input_errors
from pipelines.ingest.mapping import DATASET_FILE, DECIMALS, TIME_UNITS, ColumnSource, Lookup, Source
from pipelines.ingest.reading import Rows, literal
from pipelines.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import duckdb

FAULT_TYPE = "STRUCT(column_name VARCHAR, value VARCHAR, rule VARCHAR)"
_WHOLE_NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
_TAKEN_AS_GIVEN = {"count": _WHOLE_NUMBERS, "flag": ("BOOLEAN",), "time": ("TIMESTAMP",)}
"""Types of a file whose values need not be read from their text, by the contract's type."""

LINE_BITS = 40  # ordinal = file number * 2**40 + line


def bind(
    rows: Rows, table: Table, source: Source, file_name: str
) -> tuple[dict[str, ColumnSource], list[Fault]]:
    """Which source column feeds which column of the table, and the columns that are asked for but not there.

    Columns that bear the contract's names are taken as they are, unless the mapping says otherwise.
    """
    bound: dict[str, ColumnSource] = {}
    faults: list[Fault] = []
    there = ", ".join(rows.expressions) or "none"
    asked_for = {
        column.name: source.columns.get(column.name, ColumnSource(column=column.name))
        for column in table.columns
    }
    free = _unused(rows, asked_for)
    for column in table.columns:
        wanted = asked_for[column.name]
        is_configured = column.name in source.columns
        if wanted is not None and (wanted.column is None or rows.expression(wanted.column) is not None):
            bound[column.name] = wanted
        elif is_configured and wanted is not None and wanted.column is not None:
            hint = did_you_mean(wanted.column, free)
            faults.append(
                Fault(
                    file_name,
                    f"{source.section} maps {column.name} to a column {wanted.column!r}, which is not there.",
                    f"{hint} Columns there: {there}.".strip(),
                )
            )
        elif column.required:
            hint = did_you_mean(column.name, free)
            faults.append(
                Fault(
                    file_name,
                    f"has no column {column.name!r}, which the table {table.name} requires.",
                    f"{hint} Columns there: {there}. If one of them holds it under another name, write in "
                    f'{DATASET_FILE}: [{table.name}] {column.name} = "that name".'.strip(),
                )
            )
    return bound, faults


def _unused(rows: Rows, asked_for: Mapping[str, ColumnSource | None]) -> list[str]:
    """The source columns that feed nothing: to name one in use as what was meant would feed two from it."""
    used = {wanted.column.casefold() for wanted in asked_for.values() if wanted and wanted.column}
    return [name for name in rows.expressions if name.casefold() not in used]


def stage(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    rows: Rows,
    bound: Mapping[str, ColumnSource],
    lookups: Mapping[Lookup, str],
    *,
    file_number: int,
    is_written: bool,
    out: Path,
) -> None:
    """Type one file's rows and write them to a staged Parquet file.

    Args:
        connection: Carries the macros and the variables `latest_time` and `cutoff`.
        table: The table that the file feeds.
        rows: The file's rows.
        bound: From `bind`.
        lookups: For each lookup of `bound`, the name of a table (found, taken).
        file_number: Its number among the table's files.
        is_written: Whether its numbers are texts, as in CSV, of which 1.200 may mean two things.
        out: The Parquet file to write.
    """
    columns = {name: table.column(name) for name in bound}
    given = {name: value for name in bound if (value := _given(rows, columns[name], bound[name]))}
    with input_errors():
        raw = _project(
            rows.relation,
            ["line"],
            [f"{_raw_text(rows, bound[name])} AS t_{name}" for name in bound],
            [f"{value} AS x_{name}" for name, value in given.items()],
        )
        texts = _project(
            raw,
            ["line"],
            [f"{_tidy_text(name, bound[name])} AS t_{name}" for name in bound if name not in given],
            [f"t_{name}, x_{name}" for name in given],
        )
        for number, (name, column_source) in enumerate(bound.items()):
            if column_source.lookup is not None:
                found = connection.table(lookups[column_source.lookup]).project(
                    f"found AS found_{name}, taken AS taken_{name}"
                )
                key = lookup_key(column_source.lookup, f"t_{name}")
                texts = texts.set_alias(f"rows_{number}").join(
                    found.set_alias(f"found_{number}"), f"{key} = found_{name}", how="left"
                )
        tried = _project(
            texts,
            ["*"],
            [f"{_attempt(columns[name], bound[name])} AS x_{name}" for name in bound if name not in given],
        )
        rules = {
            column.name: _rule(
                column, bound.get(column.name), is_written=is_written, is_given=column.name in given
            )
            for column in table.columns
        }
        judged = _project(tried, ["*"], [f"{rule} AS r_{name}" for name, rule in rules.items()])
        judged.project(_final(table, bound, file_number)).write_parquet(str(out), compression="zstd")


def lookup_key(lookup: Lookup, text: str) -> str:
    """What two texts that are looked up as one have in common: of handles not how they are written."""
    is_handle = TABLE_BY_NAME[lookup.table].column(lookup.key).type == "handle"
    return f"handle_key({text})" if is_handle else text


def natural_key(table: Table) -> str:
    """The expression of `merge_key`: equal for rows that are one row."""
    parts = [f"'{name}': {name}" for name in table.natural_key]
    if table.told_apart_by:
        nothing = " AND ".join(f"{name} IS NULL" for name in table.told_apart_by)
        parts.append(f"'alone': CASE WHEN {nothing} THEN ordinal END")
    return f"{{{', '.join(parts)}}} AS merge_key"


def empty_relation(connection: duckdb.DuckDBPyConnection, table: Table) -> duckdb.DuckDBPyRelation:
    """A table without rows, with the contract's columns."""
    columns = ", ".join(f"CAST(NULL AS {column.sql_type}) AS {column.name}" for column in table.columns)
    return connection.sql("SELECT 1 AS one WHERE false").project(columns)


def _project(relation: duckdb.DuckDBPyRelation, *expressions: list[str]) -> duckdb.DuckDBPyRelation:
    return relation.project(", ".join(chain(*expressions)))


def _raw_text(rows: Rows, source: ColumnSource) -> str:
    """The text of one column of the contract as the file has it."""
    return literal(source.value or "") if source.column is None else f"({rows.expression(source.column)})"


def _given(rows: Rows, column: Column, source: ColumnSource) -> str | None:
    """The typed value of one column where its file has it and the mapping says nothing else; or None."""
    plain = ColumnSource(column=source.column)
    given = rows.given(source.column) if source.column is not None and source == plain else None
    if given is None or given[1] not in _TAKEN_AS_GIVEN.get(column.type, ()):
        return None
    return f"CAST({given[0]} AS {column.sql_type})"


def _tidy_text(name: str, source: ColumnSource) -> str:
    """The same, of `t_<name>`, as it is typed: without blanks around it, in the words of the contract."""
    if source.column is None:
        return f"t_{name}"
    text = f"tidy(t_{name})"
    if source.values:
        cases = " ".join(f"WHEN {literal(word)} THEN {literal(to)}" for word, to in source.values.items())
        text = f"CASE {text} {cases} ELSE {text} END"
    return text if source.decimal is None else f"{DECIMALS[source.decimal]}({text})"


def _read_text(column: Column, source: ColumnSource) -> str:
    """The column that holds the text to type: what the file says, or what was looked up for it."""
    return f"t_{column.name}" if source.lookup is None else f"taken_{column.name}"


def _attempt(column: Column, source: ColumnSource) -> str:
    """The typed value of one column, right or wrong; NULL where the text cannot be read at all."""
    text = _read_text(column, source)
    if column.choices:
        return f"choice_value({text}, [{', '.join(literal(choice) for choice in column.choices)}])"
    if source.is_handle:
        return f"handle_key({text})"
    if column.type != "time":
        return f"{column.type}_value({text})"
    if source.lookup is None and source.unit is not None:
        return f"time_from_number({text}, {TIME_UNITS[source.unit]})"
    if source.lookup is None and source.time_format is not None:
        return f"time_from_format({text}, {literal(source.time_format)})"
    return f"time_from_text({text})"


def _rule(column: Column, source: ColumnSource | None, *, is_written: bool, is_given: bool) -> str:
    """The rule that one column breaks, or NULL."""
    if source is None:
        return "'required_value_missing'" if column.required else "CAST(NULL AS VARCHAR)"
    rule = _rule_of_given(column) if is_given else _rule_of_text(column, source, is_written=is_written)
    if column.required:
        rule = f"coalesce({rule}, CASE WHEN x_{column.name} IS NULL THEN 'required_value_missing' END)"
    return rule


def _rule_of_given(column: Column) -> str:
    """The same of a value that is taken as its file has it, which may be out of bounds."""
    if column.type == "count":
        return f"whole_number_rule(x_{column.name})"
    if column.type == "time":
        return f"time_rule(t_{column.name}, x_{column.name})"
    return "CAST(NULL AS VARCHAR)"


def _rule_of_text(column: Column, source: ColumnSource, *, is_written: bool) -> str:
    """The same of a value that is read from its text."""
    name = column.name
    text, value = _read_text(column, source), f"x_{name}"
    if column.choices:
        rule = f"choice_rule({text}, {value}, {literal(column.choice_rule)})"
    elif column.is_money and is_written and source.decimal is None:
        rule = f"amount_rule({text}, {value})"
    else:
        rule = f"{column.type}_rule({text}, {value})"
    if source.lookup is None:
        return rule
    return f"CASE WHEN t_{name} IS NOT NULL AND found_{name} IS NULL THEN 'lookup_failed' ELSE {rule} END"


def _final(table: Table, bound: Mapping[str, ColumnSource], file_number: int) -> str:
    values = {
        column.name: f"CASE WHEN r_{column.name} IS NULL THEN x_{column.name} END"
        if column.name in bound
        else f"CAST(NULL AS {column.sql_type})"
        for column in table.columns
    }
    columns = [
        f"CASE WHEN {value} < getvariable('cutoff') THEN {value} END AS {name}"
        if name == table.ends_at
        else f"{value} AS {name}"
        for name, value in values.items()
    ]
    faults = ", ".join(
        f"CASE WHEN r_{name} IS NOT NULL"
        f" THEN {{'column_name': '{name}', 'value': t_{name}, 'rule': r_{name}}} END"
        for name in bound
    )
    rejected = " OR ".join(f"r_{name} IS NOT NULL" for name in table.required)
    happens = values.get(table.happens_at or "", "CAST(NULL AS TIMESTAMP)")
    bookkeeping = [
        f"CAST({file_number} AS BIGINT) AS file_number",
        "line",
        f"CAST({file_number << LINE_BITS} AS BIGINT) + line AS ordinal",
        f"CAST(list_filter([{faults}], lambda fault: fault IS NOT NULL) AS {FAULT_TYPE}[]) AS faults",
        f"({rejected}) AS is_rejected",
        f"coalesce({happens} >= getvariable('cutoff'), false) AS is_after",
    ]
    return ", ".join([*columns, *bookkeeping])


def derived_columns(table: Table, given: tuple[str, ...]) -> str:
    """The projection that gives derived rows the shape of staged ones; they come before every file's rows."""
    columns = [
        name if name in given else f"CAST(NULL AS {SQL_TYPES[table.column(name).type]}) AS {name}"
        for name in table.column_names
    ]
    bookkeeping = [
        "CAST(0 AS BIGINT) AS file_number",
        "row_number() OVER () AS line",
        "row_number() OVER () AS ordinal",
        f"CAST([] AS {FAULT_TYPE}[]) AS faults",
        "false AS is_rejected",
        "false AS is_after",
    ]
    return ", ".join([*columns, *bookkeeping])
