"""Impersonation through the pipeline: the table, the lines on both sides, the status; no risk for anybody."""

from __future__ import annotations

import polars as pl
import pytest

from assets.evidence_lines import AGAINST, NEUTRAL
from assets.shill.impersonation_lines import RESEMBLED, RESEMBLES_ANOTHER
from graph.shill.impersonation import RESEMBLES
from tests.assets.conftest import MEMBERS, Workbench

IMITATOR = "star2"


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """The golden data with a younger account that members follow and that has nearly the handle of `star`."""
    bench = Workbench(tmp_path_factory.mktemp("impersonation"))
    for account in bench.tables["accounts"]:
        if account["account_id"] == "star":
            account |= {"handle": "rosamund", "display_name": "Rosa Mund"}
    bench.tables["accounts"].append(
        {"account_id": IMITATOR, "handle": "r0samund_", "display_name": "Rosa\u202e Mund", "bio": "giveaways",
         "posts_count": 4, "has_avatar": True, "followers_count": 30, "following_count": 10,
         "created_at": "2024-02-01"}
    )  # fmt: skip
    bench.tables["follows"] += [{"follower_id": name, "followee_id": IMITATOR} for name in MEMBERS[:4]]
    assert bench.network().success
    assert bench.audience().success
    return bench


def test_the_younger_account_is_marked_with_both_sides(found):
    [row] = found.read("shill/impersonation").to_dicts()
    assert (row["account_id"], row["resembles_account_id"]) == (IMITATOR, "star")
    assert row["kind"] == RESEMBLES
    assert row["sentence"].startswith(
        "Its handle is that of @rosamund with something added or spelled otherwise"
    )
    assert "\u202e" not in row["sentence"]


def test_both_sides_have_a_line_and_only_one_is_against(found):
    lines = pl.read_parquet(found.folder / "evidence.parquet").filter(
        pl.col("signal").is_in([RESEMBLES_ANOTHER, RESEMBLED])
    )
    told = {row["account_id"]: row for row in lines.to_dicts()}
    assert told.keys() == {"star", IMITATOR}
    assert (told[IMITATOR]["direction"], told[IMITATOR]["example_ids"]) == (AGAINST, ["star"])
    assert (told["star"]["direction"], told["star"]["example_ids"]) == (NEUTRAL, [IMITATOR])
    assert told["star"]["sentence"] == (
        "1 younger account with far fewer followers resembles this one by name: @r0samund_. "
        "That says nothing against it."
    )
    assert lines["weight"].null_count() == lines.height


def test_a_name_is_no_bought_influence(found):
    signals = found.read("shill/signals_by_node")
    assert not signals.filter(pl.col("signal").str.contains("imperson|resembl")).height
    ranked = pl.read_parquet(found.folder / "ranked_candidates.parquet")
    assert "resembles_another" not in ranked.columns
