"""The published schema: complete, commented, and described in docs/SCHEMA.md as it is."""

from __future__ import annotations

from contextlib import closing

import pytest

from pipelines.engine import connect
from pipelines.publish.build import create_schema
from pipelines.publish.reference import schema_reference
from pipelines.publish.tables import DERIVED, OWN, ROW_ORDER
from pipelines.statements import sql_folder, sql_text


@pytest.fixture(scope="module")
def schema():
    with closing(connect()) as connection:
        create_schema(connection)
        yield connection


def test_every_table_is_either_handed_in_or_made_while_publishing(schema):
    tables = schema.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall()
    names = {table if owner == "main" else f"{owner}.{table}" for owner, table in tables}
    assert names == {*ROW_ORDER, *DERIVED, OWN}


def test_rows_are_sorted_by_columns_that_the_table_has(schema):
    for table, order in ROW_ORDER.items():
        assert set(order) <= set(schema.table(table).columns), table


def test_every_table_column_view_and_macro_has_a_comment(schema):
    assert schema.execute(sql_text("checks/published_comments")).fetchall() == []
    objects = schema.execute(sql_text("published/objects")).fetchall()
    assert {row[0] for row in objects} == {"table", "view", "macro"}
    assert len(objects) > 200


def test_a_missing_comment_is_found(schema):
    schema.execute("CREATE MACRO nobody_explained(x) AS x + 1")
    try:
        found = schema.execute(sql_text("checks/published_comments")).fetchall()
    finally:
        schema.execute("DROP MACRO nobody_explained")
    assert [row[1] for row in found] == ["main.nobody_explained"]


def test_the_views_of_the_ranking_say_what_its_table_says(schema):
    statement = "SELECT column_name, data_type, comment FROM duckdb_columns() WHERE table_name = $table"
    table = schema.execute(statement, {"table": "partner_rankings"}).fetchall()
    assert schema.execute(statement, {"table": "ranked_partners"}).fetchall() == table
    assert set(schema.execute(statement, {"table": "latest_runs"}).fetchall()) <= set(table)


def test_a_macros_comment_names_its_parameters(schema):
    macros = schema.execute(
        "SELECT function_name, parameters, comment FROM duckdb_functions()"
        " WHERE database_name = current_database() AND NOT internal"
    ).fetchall()
    assert macros
    for name, parameters, comment in macros:
        call = comment[comment.rindex(f"{name}(") + len(name) + 1 : comment.rindex(")")]
        assert [part.split(":=")[0].strip() for part in call.split(",") if part] == parameters, name


def test_help_lists_every_macro(schema):
    listed = {row[0] for row in schema.execute("FROM help()").fetchall()}
    macros = schema.execute(
        "SELECT function_name FROM duckdb_functions()"
        " WHERE database_name = current_database() AND NOT internal"
    ).fetchall()
    assert {row[0] for row in macros} == listed


def test_the_checks_find_nothing_in_an_empty_schema(schema):
    checks = sorted((sql_folder() / "checks").glob("published_*.sql"))
    assert len(checks) >= 7
    for check in checks:
        assert schema.execute(check.read_text(encoding="utf-8")).fetchall() == [], check.name


def test_the_schema_says_the_same_on_other_versions_of_duckdb():
    """Arrow lambdas and ~ mean something else, or nothing, on DuckDB 2."""
    for file in (sql_folder() / "published").glob("*.sql"):
        code = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("--")]
        text = "\n".join(code)
        if file.name.startswith("comments"):
            continue
        assert "->" not in text, file.name
        assert " ~ " not in text, file.name


def test_the_page_about_the_schema_is_up_to_date():
    page = sql_folder().parent / "docs" / "SCHEMA.md"
    assert page.read_text(encoding="utf-8") == schema_reference(), (
        "docs/SCHEMA.md is stale; write it again with: python -m pipelines.publish.reference"
    )
