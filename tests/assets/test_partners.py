"""Stage 5: who is a candidate, what the portfolios add up to, overlap, and ranks that are whole."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

import assets.partners as stage

NETWORK_OF = {
    "star": {"m1", "m2", "m3", "m4", "m5", "m6"},
    "niche": {"m1", "m2", "m3", "m4"},
    "buyer": {"m1", "m4", "m5", "m6"},
}


@pytest.fixture
def recommended(copied):
    """Niche and Buyer recommended with full marks at 100 and 90 euros, Star to be avoided."""
    out = copied.folder / "ranked_candidates.parquet"
    is_star = pl.col("account_id") == "star"
    copied.lake.write_frame(
        out,
        pl.read_parquet(out).with_columns(
            status=pl.when(is_star).then(pl.lit("avoid")).otherwise(pl.lit("recommended")),
            score=pl.lit(1.0),
            price=pl.when(pl.col("account_id") == "buyer").then(90.0).otherwise("price"),
        ),
    )
    return copied


def test_owners_brands_and_the_hardly_followed_are_no_candidates(golden):
    ranked = golden.found("ranking")
    assert set(ranked["account_id"]) == set(NETWORK_OF)  # not brand, which owns the audience, nor deal
    assert ranked["audience_size"].unique().to_list() == [6]
    assert set(ranked["run_id"]) == {"run-1"}


def test_prices_stand_in_the_most_common_currency_only(golden):
    prices = {
        row[0]: row[1:] for row in golden.found("ranking").select("account_id", "price", "currency").rows()
    }
    assert prices == {"star": (500, "EUR"), "niche": (100, "EUR"), "buyer": (None, None)}


def test_who_is_priced_in_another_currency_only_is_not_without_a_price(golden):
    ranked = golden.found("ranking").select("account_id", "other_price", "other_currency")
    others = {row[0]: row[1:] for row in ranked.rows()}
    assert others == {"star": (None, None), "niche": (None, None), "buyer": (5, "USD")}


def test_ranks_are_whole_and_intervals_hold_their_values(golden):
    ranked = golden.found("ranking")
    assert ranked["rank"].to_list() == [1, 2, 3]
    assert ranked.filter(
        (pl.col("rank_low") > pl.col("rank")) | (pl.col("rank_high") < pl.col("rank"))
    ).is_empty()
    assert ranked.filter(~pl.col("score").is_between(0, 1)).is_empty()
    for name in ("trust", "shill_probability", "reach_share"):
        inside = pl.col(name).is_between(pl.col(f"{name}_low") - 1e-12, pl.col(f"{name}_high") + 1e-12)
        assert ranked.filter(~inside).is_empty(), name


def test_a_small_audience_recommends_nobody(copied):
    copied.settings["partner_ranking"] = {}
    assert copied.audience("partner_ranking").success
    assert "recommended" not in copied.found("ranked_candidates")["status"].to_list()


def test_nobody_listed_is_an_empty_ranking_and_a_warning(copied):
    copied.settings["resampled_audience"] = {"candidate_followers": 99}
    names = (
        "resampled_audience",
        "partner_ranking",
        "partner_evidence",
        "partner_communities",
        "partner_portfolio",
        "run_history",
    )
    result = copied.audience(*names)
    assert result.success
    checks = {check.check_name: check.passed for check in result.get_asset_check_evaluations()}
    assert checks == {"ranks_are_whole": True, "somebody_is_listed": False}
    for table in ("ranking", "evidence", "portfolio", "overlap"):
        assert copied.found(table).is_empty(), table


@pytest.mark.parametrize(
    "tampered",
    [
        lambda made: replace(made, rank=made.rank[::-1].copy() + 1),
        lambda made: replace(made, rank_low=made.rank + 1),
        lambda made: replace(made, rank_high=made.rank - 1),
    ],
    ids=["gap", "low above", "high below"],
)
def test_a_tampered_ranking_stops_what_follows(copied, monkeypatch, tampered):
    rank = stage.rank_candidates
    monkeypatch.setattr(stage, "rank_candidates", lambda *arguments: tampered(rank(*arguments)))
    (copied.folder / "evidence.parquet").unlink()
    result = copied.audience("partner_ranking", "partner_evidence")
    assert not result.success
    checks = {check.check_name: check.passed for check in result.get_asset_check_evaluations()}
    assert checks["ranks_are_whole"] is False
    assert not (copied.folder / "evidence.parquet").exists()


def test_new_members_add_up_to_the_union_by_count(recommended):
    recommended.settings["partner_portfolio"] = {"picks": 2}
    assert recommended.audience("partner_portfolio").success
    plan = recommended.found("portfolio")
    assert set(plan["account_id"]) == {"niche", "buyer"}
    assert plan["pick"].to_list() == [1, 2]
    assert plan["new_members"].to_list() == [4, 2]
    assert plan["cumulative_members"].to_list() == [4, len(NETWORK_OF["niche"] | NETWORK_OF["buyer"])]
    assert plan["cumulative_members_share"].to_list() == pytest.approx([4 / 6, 1])
    assert plan["adds"].sum() == pytest.approx(plan["cumulative_reach"][-1])
    assert plan["adds"].sum() == pytest.approx(recommended.found("members")["weight"].sum())
    assert plan["budget"].null_count() == 2
    picks = recommended.found("ranking").filter("is_pick")["account_id"].to_list()
    assert sorted(picks) == ["buyer", "niche"]


def test_the_budget_is_kept(recommended):
    recommended.settings["partner_portfolio"] = {"picks": 1, "budget": 120.0}
    assert recommended.audience("partner_portfolio").success
    plan = recommended.found("portfolio").filter(pl.col("plan") == "budget")
    assert plan.height == 1
    assert plan["cumulative_price"].max() <= 120
    assert plan["new_members"].sum() == len(NETWORK_OF[plan["account_id"][0]])
    assert plan["budget"].to_list() == [120.0]
    assert recommended.found("portfolio")["plan"].unique(maintain_order=True).to_list() == ["count", "budget"]


def test_who_is_not_recommended_is_no_pick(golden):
    assert "recommended" not in golden.found("ranking")["status"].to_list()
    assert golden.found("portfolio").is_empty()
    assert golden.found("ranking")["is_pick"].to_list() == [False] * 3


def test_overlap_by_its_definitions(golden):
    pairs = golden.found("overlap")
    assert pairs.height == 3
    for row in pairs.iter_rows(named=True):
        a, b = NETWORK_OF[row["account_id_a"]], NETWORK_OF[row["account_id_b"]]
        assert row["shared_followers"] == len(a & b)
        assert row["share_of_smaller"] == pytest.approx(len(a & b) / min(len(a), len(b)))
        assert row["jaccard"] == pytest.approx(len(a & b) / len(a | b))


def test_trust_is_weighed_by_the_table_and_a_person_may_change_it(golden, copied):

    copied.settings["partner_ranking"]["trust_weights"] = {"affinity": 1.0, "endorsement": 0.0}
    copied.settings["partner_ranking"]["trust_weights"] |= {"conversation": 0.0, "word_of_mouth": 0.0}
    assert copied.audience("partner_ranking").success
    changed = copied.found("ranked_candidates")
    assert changed["endorsement_part"].fill_nan(None).null_count() == changed.height
    assert changed["trust"].to_list() == pytest.approx(changed["affinity_part"].to_list())
    basis = copied.lake.read_json(copied.folder / "ranking_basis.json")
    assert basis["trust_weights"] == {"affinity": 1.0}
    assert "with affinity 1 and conversation 0 and endorsement 0 and word_of_mouth 0" in basis["weights"]


def test_weights_that_mean_nothing_stop_the_run_with_a_remedy(copied):
    copied.settings["partner_ranking"]["trust_weights"] = {"tone": 1.0}
    result = copied.audience("partner_ranking")
    assert not result.success
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    assert "there is no part called tone" in failure.step_failure_data.error.to_string()


def test_every_candidate_is_told_its_place_among_its_like_and_what_would_change_it(golden):
    ranked = golden.found("ranking")
    assert ranked["what_would_change"].null_count() == 0
    for tier in ranked["size_tier"].unique():
        places = ranked.filter(pl.col("size_tier") == tier).sort("rank")["rank_in_tier"].to_list()
        assert places == list(range(1, len(places) + 1))
    assert set(ranked["momentum"]) == {"not_enough_data"}
    assert set(ranked["momentum_runs"]) == {1}


def test_who_could_hardly_be_looked_at_gains_nothing_and_loses_nothing_by_it(copied):
    node = {name: node for node, name in copied.ids().items()}

    measured = copied.found("conversation")

    def ranked(**conversations):
        frame = measured.filter(pl.col("node").is_in([node[name] for name in conversations]))
        order = {node[name]: values for name, values in conversations.items()}
        given = [order[n] for n in frame["node"]]
        frame = frame.with_columns(
            conversation=pl.Series([c for c, _ in given]),
            conversation_low=pl.Series([c - w for c, w in given]),
            conversation_high=pl.Series([c + w for c, w in given]),
        )
        copied.lake.write_frame(copied.folder / "conversation.parquet", frame)
        assert copied.audience("partner_ranking").success
        found = copied.found("ranked_candidates")
        return {row["account_id"]: row for row in found.iter_rows(named=True)}

    nan = float("nan")
    spread = {"star": (0.9, 0.05), "niche": (0.1, 0.05)}
    unknown, hardly = ranked(**spread, buyer=(nan, nan)), ranked(**spread, buyer=(0.5, 0.49))
    for found in (unknown, hardly):
        assert found["niche"]["conversation_part"] < found["buyer"]["conversation_part"]
        assert found["buyer"]["conversation_part"] < found["star"]["conversation_part"]
    assert unknown["buyer"]["trust"] == pytest.approx(hardly["buyer"]["trust"], abs=0.01)
    assert unknown["buyer"]["conversation"] is None or unknown["buyer"]["conversation"] != 0
    nobody = ranked(star=(nan, nan))
    assert all(row["conversation_part"] is None or row["conversation_part"] != 0 for row in nobody.values())
