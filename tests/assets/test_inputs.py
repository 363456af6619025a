"""Stage 1: what the data say arrives in the lake, and books that do not balance stop the run."""

from __future__ import annotations

from types import SimpleNamespace

import polars as pl

from pipelines.resources import FolderIngest

DAY = "2024-05-31"


def checks(result):
    return {check.check_name: check.passed for check in result.get_asset_check_evaluations()}


def test_a_good_dataset_passes_every_check(bench):
    result = bench.network("input_tables")
    assert result.success
    assert checks(result) == {
        "rows_balance": True, "nothing_refused": True, "every_audience_can_be_ranked": True,
    }  # fmt: skip
    assert bench.read("inputs/accounts").height == 11
    assert bench.lake.source(DAY)["network"] == "main"


def test_refused_rows_warn_and_do_not_stop(bench):
    bench.tables["interactions"].append({"actor_id": "m1", "target_id": "star", "kind": "poke"})
    result = bench.network("input_tables")
    assert result.success
    assert checks(result)["nothing_refused"] is False
    assert bench.read("inputs/rejects")["value"].to_list() == ["poke"]


def test_an_audience_that_is_left_out_warns_with_why_and_does_not_stop(bench):
    bench.tables["audience_members"].append({"audience": "lost", "account_id": "stranger"})
    result = bench.network("input_tables")
    assert result.success
    (check,) = [found for found in result.get_asset_check_evaluations() if not found.passed]
    assert check.check_name == "every_audience_can_be_ranked"
    ((audience, why),) = [record.data.values() for record in check.metadata["left out"].records]
    assert audience == "lost"
    assert why.startswith("Its one member does not appear in accounts, follows or interactions.")


def test_too_many_refused_rows_stop_the_run_without_a_retry(bench):
    bench.tables["interactions"] = [{"actor_id": "m1", "target_id": "star", "kind": "poke"}]
    bench.settings["input_tables"] = {"reject_limit": 0.01}
    result = bench.network("input_tables", "accounts")
    assert not result.success
    assert not any(event.is_step_up_for_retry for event in result.all_events)
    assert not (bench.lake.graph(DAY) / "accounts.parquet").exists()


def test_books_that_do_not_balance_stop_what_follows(bench):
    class Embezzler(FolderIngest):
        def run(self, *arguments):
            real = super().run(*arguments)
            return SimpleNamespace(
                network=real.network,
                balance=real.balance.with_columns(rows_kept=pl.col("rows_kept") - 1),
                worst_rejects_frame=real.worst_rejects_frame,
                unranked_frame=real.unranked_frame,
                note=real.note,
            )

    result = bench.network("input_tables", "accounts", ingest=Embezzler(bench.home.scratch))
    assert not result.success
    assert checks(result)["rows_balance"] is False
    assert not (bench.lake.graph(DAY) / "accounts.parquet").exists()
