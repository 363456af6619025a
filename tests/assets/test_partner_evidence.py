"""Stage 5, evidence: every candidate of the golden dataset has its lines, and they are words of signals."""

from __future__ import annotations

import polars as pl

from assets.evidence_lines import UNKNOWN
from assets.partner_evidence import _findings, _positions_of_members
from assets.shill.signals import SIGNALS
from tests.assets.conftest import DAY

CANDIDATES = ("star", "niche", "buyer")
VERDICTS = ("fraud", "fake", "scam", "bot ", "bots", "cheat", "liar", "guilty")


def test_every_candidate_has_its_lines_of_evidence(golden):
    evidence, ranked = golden.found("evidence"), golden.found("ranking")
    assert evidence["account_id"].unique(maintain_order=True).to_list() == ranked["account_id"].to_list()
    for name in ranked["account_id"]:
        lines = evidence.filter(pl.col("account_id") == name)
        assert lines.select("side", "signal").is_unique().all()
        assert {"affinity", "endorsement", "word_of_mouth"} <= set(lines["signal"])


def test_the_line_on_missing_data_names_exactly_what_is_missing(golden):
    states = golden.read("shill/signals_by_node")
    names = golden.ids()
    for account_id in CANDIDATES:
        node = next(node for node, name in names.items() if name == account_id)
        unmeasured = states.filter((pl.col("node") == node) & (pl.col("state") != "measured"))[
            "signal"
        ].to_list()
        lines = golden.found("evidence").filter(pl.col("account_id") == account_id)
        line = lines.filter((pl.col("signal") == "not_enough_data") & (pl.col("side") == "shill"))
        assert line["direction"].to_list() == [UNKNOWN]
        for signal in SIGNALS:
            assert (signal.replace("_", " ") in line["sentence"][0]) == (signal in unmeasured)
            assert (signal in lines["signal"].to_list()) == (signal not in unmeasured)
        assert line["value"].null_count() == line["weight"].null_count() == 1


def test_evidence_speaks_of_signals_and_never_judges(golden):
    for sentence in golden.found("evidence")["sentence"]:
        assert not [word for word in VERDICTS if word in sentence.casefold()]
        assert "nan" not in sentence
        assert "None" not in sentence.replace("None of", "")
        assert sentence.endswith(".")


def test_no_strength_at_all_speaks_for_nobody(golden):
    lines = golden.found("evidence").filter((pl.col("signal") == "endorsement") & (pl.col("value") == 0))
    assert lines.height > 0
    assert "for" not in lines["direction"].to_list()


def test_candidates_who_are_members_are_known_as_such(golden):
    members = golden.found("members")["node"].to_list()
    nodes = [members[3], max(members) + 1, members[0]]
    ranked = pl.DataFrame({"node": nodes}, schema={"node": pl.UInt32})
    assert _positions_of_members(ranked, golden.folder) == {0, 2}


def test_members_in_no_group_are_no_group_more(bench):
    bench.settings = {"partner_ranking": {"minimum_audience": 0, "minimum_audience_followers": 2}}
    assert bench.network().success
    assert bench.audience().success
    path = bench.folder / "community_members.parquet"
    members = pl.read_parquet(path)
    ranked = pl.read_parquet(bench.folder / "ranked_candidates.parquet")
    for groups in ([-1, 0, 0, 1, 1, 2], [0, 0, 0, 1, 1, 2]):
        members.with_columns(pl.Series("community", groups, dtype=pl.Int32)).write_parquet(path)
        assert _findings(ranked, bench.lake, DAY, bench.folder).groups == 3


def test_example_rows_are_ids_of_the_data(golden):
    ids = set(golden.ids().values())
    lines = golden.found("evidence").filter(pl.col("signal").is_in(["affinity", "endorsement"]))
    examples = lines.explode("example_ids")["example_ids"].drop_nulls()
    assert len(examples) > 0
    assert set(examples) <= ids
    star = lines.filter((pl.col("account_id") == "star") & (pl.col("signal") == "affinity"))
    assert star["example_ids"].list.len().to_list() == [3]
