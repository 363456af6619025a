"""Stage 4: signals in one shape, unknown where nothing could be looked at, and candour that never costs."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

import assets.shill.probability as stage
from assets.shill.signals import NOT_ENOUGH_DATA, SIGNALS, counted_value, signal_rows
from graph.shill.evidence_table import EvidenceWeights, SignalWeights
from pipelines.weights import evidence_weights
from tests.assets.conftest import DAY

BRANDS = ("Lumo", "Kestrel", "Pinewood", "Tarn", "Osprey")
COMMERCIAL = (
    "My new {brand} jacket is the best I ever had, use code ANNA20 for 20% off",
    "{brand} changed my mornings! Link in bio, only today",
    "Thank you {brand} for sending me this, swipe up to get yours",
    "Obsessed with {brand}. Shop here: https://shop.example/{brand}?ref=anna",
    "Mit dem Code ANNA15 spart ihr bei {brand} 15 %",
)
PLAIN = (
    "A walk in the hills, {day}",
    "Coffee first, then {day} more pages",
    "Rain on day {day}, still happy",
)
CANDOUR = ("#ad", "#Werbung", "Paid partnership with {brand}", "label")
FANS = [f"fan{number}" for number in range(12)]


def twins(pair: int, seed: int) -> list[dict]:
    """The same posts twice: `open<pair>` says which are paid for, `silent<pair>` does not."""
    draw = random.Random(seed)  # noqa: S311 - a test's dice
    style, share = CANDOUR[pair % len(CANDOUR)], draw.choice([0.3, 0.7, 1.0])
    posts = []
    for number in range(draw.randint(14, 24)):
        brand = draw.choice(BRANDS)
        is_commercial = draw.random() < 0.6
        text = draw.choice(COMMERCIAL if is_commercial else PLAIN).format(brand=brand, day=number)
        is_disclosed = is_commercial and draw.random() < share
        for kind in ("open", "silent"):
            says = style.format(brand=brand) if is_disclosed and kind == "open" else ""
            posts.append({
                "post_id": f"{kind}{pair}-{number}",
                "author_id": f"{kind}{pair}",
                "posted_at": f"2024-05-{number + 1:02}T10:00:00",
                "text": text if says in {"", "label"} else f"{says} {text}",
                "is_paid_label": says == "label",
            })  # fmt: skip
    return posts


def test_whoever_says_that_a_post_is_paid_for_is_never_worse_off(bench):
    """The same creator with and without the disclosure, on the same posts before the same followers."""
    pairs = range(12)
    draw = random.Random(7)  # noqa: S311 - a test's dice
    followers = {pair: draw.sample(FANS, draw.randint(5, 9)) for pair in pairs}
    bench.tables = {
        "follows": [
            {"follower_id": fan, "followee_id": f"{kind}{pair}"}
            for pair in pairs
            for kind in ("open", "silent")
            for fan in followers[pair]
        ]
        + [
            {"follower_id": f"other{number}", "followee_id": f"{kind}{number % len(pairs)}"}
            for number in range(60)
            for kind in ("open", "silent")
        ],
        "posts": [post for pair in pairs for post in twins(pair, 100 + pair)],
        "audience_members": [{"audience": "fans", "account_id": fan} for fan in FANS],
        "brands": [{"brand": brand, "keywords": brand.lower()} for brand in BRANDS],
    }
    bench.settings["partner_ranking"] = {"minimum_audience": 0}
    assert bench.network().success
    names = ("cleaned_audience", "audience_affinity", "audience_endorsement", "communities", "conversation")
    assert bench.audience(*names, "word_of_mouth", "resampled_audience", "partner_ranking").success
    risk = bench.read("shill/shill_probability")
    ranked = {row["account_id"]: row for row in bench.found("ranked_candidates").iter_rows(named=True)}
    better = 0
    for column in ("probability", "low", "high"):
        found = bench.by_id(risk, column)
        for pair in pairs:
            assert found[f"open{pair}"] <= found[f"silent{pair}"] + 1e-9, (column, pair)
            better += found[f"open{pair}"] < found[f"silent{pair}"] - 1e-3
    assert better > 10  # and mostly better off
    for pair in pairs:
        said, hid = ranked[f"open{pair}"], ranked[f"silent{pair}"]
        assert said["trust"] == pytest.approx(hid["trust"])  # twins in everything but what they say
        assert said["score"] >= hid["score"] - 1e-9
    post_class = dict(bench.read("shill/post_classes").select("post_id", "post_class").iter_rows())
    assert {post_class[name] for name in post_class if name.startswith("silent")}.isdisjoint(
        {"disclosed_paid", "platform_label"}
    )


def test_every_signal_has_the_same_rows(golden):
    accounts = golden.read("graph/accounts").height
    frames = [golden.read(f"shill/{signal}") for signal in SIGNALS]
    assert {tuple(frame.schema.items()) for frame in frames} == {tuple(frames[0].schema.items())}
    for frame in frames:
        assert frame["node"].to_list() == list(range(accounts))
        known = frame.filter(pl.col("state") != NOT_ENOUGH_DATA)
        assert known.filter((pl.col("low") > pl.col("high")) | pl.col("value").is_nan()).is_empty()
        assert frame.filter(pl.col("state") == NOT_ENOUGH_DATA)["value"].is_nan().all()


def test_what_was_not_measured_is_neither_flagged_nor_counted(golden):
    signals = golden.read("shill/signals_by_node")
    unmeasured = signals.filter(pl.col("state") == NOT_ENOUGH_DATA)
    assert not unmeasured["flagged"].any()
    measured = signals.filter(pl.col("state") != NOT_ENOUGH_DATA).group_by("node").len()
    counts = dict(golden.read("shill/shill_probability").select("node", "n_signals").iter_rows())
    assert {node: n for node, n in counts.items() if n} == dict(measured.iter_rows())


def test_without_posts_nothing_is_known_about_promotion(bench):
    for table in ("posts", "brands", "interactions", "accounts"):
        bench.tables.pop(table)
    assert bench.network().success
    assert bench.read("shill/shill_probability")["n_signals"].sum() == 0
    assert bench.audience().success
    ranked = bench.found("ranking")
    assert set(ranked["status"]) == {"not_enough_data"}
    assert (
        ranked["shill_probability"].null_count() + ranked["shill_probability"].is_nan().sum() == ranked.height
    )


def test_signal_rows_marks_the_unknown():
    nan = float("nan")
    rows = signal_rows(
        "s",
        np.array([0.5, nan]),
        np.array([9, 0]),
        bounds=(np.array([0.4, nan]), np.array([0.6, nan])),
    )
    assert rows["state"].to_list() == ["measured", NOT_ENOUGH_DATA]
    assert rows["threshold"].null_count() == 2
    assert rows["count"].to_list() == [0, 0]


@pytest.mark.parametrize(
    "tampered",
    [
        lambda made: replace(made, probability=made.probability + 1.5),
        lambda made: replace(made, low=made.probability + 0.01),
        lambda made: replace(made, high=made.probability - 0.01),
        lambda made: replace(made, probability=np.full_like(made.probability, np.nan)),
    ],
    ids=["beyond one", "low above", "high below", "unknown"],
)
def test_probabilities_that_do_not_hold_together_stop_the_run(golden, bench, monkeypatch, tampered):
    for signal in SIGNALS:
        bench.lake.write_frame(
            bench.lake.shill("2024-05-31") / f"{signal}.parquet", golden.read(f"shill/{signal}")
        )
    bench.lake.write_frame(bench.lake.graph("2024-05-31") / "accounts.parquet", golden.read("graph/accounts"))
    bench.lake.write_frame(bench.lake.shill("2024-05-31") / "reviews.parquet", golden.read("shill/reviews"))
    assert bench.network("shill_probability").success
    join = stage.join_evidence
    monkeypatch.setattr(stage, "join_evidence", lambda *args, **kwargs: tampered(join(*args, **kwargs)))
    result = bench.network("shill_probability")
    assert [check.passed for check in result.get_asset_check_evaluations()] == [False]


def test_up_to_the_threshold_of_its_own_network_a_signal_counts_as_nothing():
    nan = float("nan")
    value = np.array([0.5, 2.0, 2.1, nan])
    n = np.ones(4)
    kept = signal_rows("s", value, n, threshold=2.0).select(counted_value("value"))["value"].to_list()
    assert kept[:3] == [0.0, 0.0, 2.1]
    assert np.isnan(kept[3])
    for unknown in (None, nan):
        assert signal_rows("s", value[:3], n[:3], threshold=unknown).select(counted_value("value"))[
            "value"
        ].to_list() == [0.5, 2.0, 2.1]


def test_a_signal_that_weighs_the_same_whatever_it_says_is_no_look():
    def signal(name, group, n_planted, n_genuine):
        edges = np.arange(1.0, len(n_planted))
        return SignalWeights(name, group, edges, np.array(n_planted), np.array(n_genuine), "a test")

    weights = EvidenceWeights(
        "test",
        (
            signal("shill_neighbourhood", "bought_followers", [9], [90]),
            signal("engagement_pods", "bought_engagement", [0, 9], [90, 0]),
        ),
    )
    measured = {
        name: signal_rows(name, np.array([0.0, np.nan]), np.ones(2))
        for name in ("shill_neighbourhood", "engagement_pods")
    }
    signals = {name: signal_rows(name, np.full(2, np.nan), np.ones(2)) for name in SIGNALS} | measured

    assert stage.kinds_looked_at(signals, weights).to_list() == [1, 0]


def test_the_same_share_of_few_followers_is_less_surely_a_risk(golden, tmp_path):
    """16 % of 31 and of 3,100 followers: the likeliest is the same, and what is sure is not."""
    weights = EvidenceWeights.from_rows(evidence_weights())
    nobody = {name: signal_rows(name, np.full(2, np.nan), np.zeros(2)) for name in SIGNALS}
    bounds = np.array([0.04, 0.15]), np.array([0.72, 0.17])
    few_and_many = signal_rows(
        "suspicious_followers", np.full(2, 0.16), np.array([31.0, 3_100.0]), bounds=bounds
    )
    files = {name: tmp_path / f"{name}.parquet" for name in SIGNALS}
    for name, frame in (nobody | {"suspicious_followers": few_and_many}).items():
        golden.lake.write_frame(files[name], frame)
    counted = stage._Counted(weights, files)  # noqa: SLF001
    list(counted.by_node())
    joined = counted.joined()
    assert joined.low[0] < 0.1 < joined.low[1]
    assert joined.probability[0] == joined.probability[1]
    assert joined.high[0] == joined.high[1]


def test_what_is_joined_in_pieces_is_what_is_joined_at_once(golden, tmp_path, monkeypatch):
    weights = EvidenceWeights.from_rows(evidence_weights())
    files = {name: golden.lake.shill(DAY) / f"{name}.parquet" for name in SIGNALS}
    whole, pieces = stage._Counted(weights, files), stage._Counted(weights, files)  # noqa: SLF001
    at_once = pl.concat(list(whole.by_node()))
    monkeypatch.setattr(stage, "ACCOUNTS_AT_ONCE", 5)
    golden.lake.write_frames(tmp_path / "pieces.parquet", pieces.by_node())
    order = ["signal", "node"]
    assert pl.read_parquet(tmp_path / "pieces.parquet").sort(order).equals(at_once.sort(order))
    for name in ("probability", "low", "high", "n_signals"):
        assert np.array_equal(getattr(pieces.joined(), name), getattr(whole.joined(), name))
    assert pieces.kinds().to_list() == whole.kinds().to_list()
    assert pieces.measured == whole.measured
    assert [path.name for path in tmp_path.iterdir()] == ["pieces.parquet"]
