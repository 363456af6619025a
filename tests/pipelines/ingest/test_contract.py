"""The contract as data, and the page that is made from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.engine import sql_text
from pipelines.ingest.contract import RULES, SQL_TYPES, TABLE_BY_NAME, TABLES, TYPE_MEANINGS
from pipelines.ingest.inputs_page import renewed
from pipelines.ingest.synonyms import COLUMN_NAMES, TABLE_NAMES

PAGE = Path(__file__).parents[3] / "docs" / "INPUTS.md"


def test_the_page_agrees_with_the_contract():
    page = PAGE.read_text(encoding="utf-8")
    assert renewed(page) == page, "run: python -m pipelines.ingest.inputs_page docs/INPUTS.md"


def test_a_page_without_markers_is_refused():
    with pytest.raises(ValueError, match="no marker"):
        renewed("# Nothing\n")


def test_the_ten_tables():
    assert [table.name for table in TABLES] == [
        "accounts",
        "follows",
        "posts",
        "interactions",
        "audience_members",
        "brands",
        "snapshots",
        "rates",
        "labels",
        "outcomes",
    ]
    assert set(SQL_TYPES) == set(TYPE_MEANINGS)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_what_a_table_names_is_a_column_of_it(table):
    named = {
        *table.natural_key,
        *table.told_apart_by,
        *(name for name in (table.happens_at, table.ends_at) if name),
    }
    assert named <= set(table.column_names)
    assert all(column.choice_rule in RULES for column in table.columns if column.choices)
    with pytest.raises(KeyError):
        table.column("nonsense")


def test_every_rule_of_the_macros_has_its_sentence():
    macros = sql_text("ingest/macros")
    for rule in RULES:
        kinds = ("id_", "count_", "number_", "flag_", "time_")
        assert not rule.startswith(kinds) or f"'{rule}'" in macros


def test_synonyms_name_tables_and_columns_of_the_contract():
    assert set(TABLE_NAMES) == set(TABLE_BY_NAME)
    for name, columns in COLUMN_NAMES.items():
        assert set(columns) == set(TABLE_BY_NAME[name].column_names)
