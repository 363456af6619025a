"""Stage 6: what was checked in a run arrives at the publisher whole."""

from __future__ import annotations

import polars as pl

from assets.published import TOP_COLUMNS


class Listener:
    """Keeps the checks that it is to publish."""

    def publish(self, checks):
        self.checks = checks
        return {"path": "partners.duckdb", "bytes": 0, "seconds": 0.0, "rows": {"runs": 1}}

    def coverage(self):
        return pl.DataFrame({"measure": ["a"], "value": [1.0]})

    def top(self, _):
        return pl.DataFrame(schema=dict.fromkeys(TOP_COLUMNS, pl.String))


def test_every_audience_that_is_left_out_is_published_with_why_and_what_to_do(bench):
    """A table of the UI shows the first rows, and cells are cut: here nothing may be lost."""
    lost = [f"lost {number:02}" for number in range(25)]
    bench.tables["audience_members"] += [{"audience": name, "account_id": "@M1"} for name in lost]
    bench.tables["audience_members"] += [{"audience": name, "account_id": "@M2"} for name in lost]
    assert bench.network("input_tables").success
    listener = Listener()
    result = bench.publication("partners_file", publisher=listener)
    assert result.success
    details = dict(listener.checks.select("check_name", "detail").iter_rows())
    detail = details["every_audience_can_be_ranked"]
    assert detail.count("None of its 2 members appears") == 25
    assert detail.count('account_id = { column = "account_id", via = "accounts.handle"') == 25
    assert [name for name in lost if f"audience {name}, why" not in detail] == []
