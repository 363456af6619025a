"""Brand history end to end: ties per brand with their moments, and what is typical of a category."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from assets.shill.brands import _any_of

OFFER = "{} is all I use, use my code ANNA20 for 20% off"


def test_how_the_talk_of_each_brand_went(bench):
    told = (
        (1, "my Lumo lamp is still great"),
        (3, OFFER.format("Lumo")),
        (5, "#ad " + OFFER.format("Lumo")),
        (9, "the Lumo lamp again, bought one for my mother"),
        (12, "affiliate link: " + OFFER.format("Tarn")),
        (14, OFFER.format("Kestrel")),
    )
    bench.tables["posts"] = [
        {"post_id": f"p{day}", "author_id": "star", "posted_at": f"2024-05-{day:02}T10:00:00", "text": text,
         "likes_count": 2 if "code" in text else 10}
        for day, text in (*told, *((day, "walking the hills") for day in range(15, 28)))
    ]  # fmt: skip
    bench.tables["brands"] = [
        {"brand": "Lumo", "keywords": "lumo", "category": "light", "competitor_of": "Kestrel"},
        {"brand": "Kestrel", "keywords": "kestrel", "category": "light", "competitor_of": ""},
        {"brand": "Tarn", "keywords": "tarn", "category": "", "competitor_of": ""},
    ]
    assert bench.network("input_tables", "accounts", "follower_graph", "sponsorship", "brand_history").success
    ties = {row["brand"]: row for row in bench.read("shill/brand_ties").iter_rows(named=True)}
    lumo = ties["Lumo"]
    assert (lumo["posts"], lumo["paid_posts"], lumo["disclosed_posts"], lumo["category"]) == (
        4,
        2,
        1,
        "light",
    )
    assert (lumo["organic_before_paid"], lumo["organic_after_paid"]) == (1, 1)
    assert lumo["first_at"] == datetime(2024, 5, 1, 10)  # noqa: DTZ001 - the lake keeps UTC without a zone
    assert lumo["first_paid_at"] == datetime(2024, 5, 3, 10)  # noqa: DTZ001
    assert (ties["Tarn"]["disclosed_posts"], ties["Tarn"]["category"]) == (1, None)
    [history] = bench.read("shill/brand_history").iter_rows(named=True)
    assert history["hidden_brands_in_window"] == 2  # who says "affiliate link" hides nothing
    assert history["hidden_rival_gap_days"] == 11
    assert (history["brands"], history["paid_brands"], history["category"]) == (3, 3, "light")
    assert history["paid_performance"] == 2 / 10
    assert history["typical_entropy"] is None or history["compared_accounts"] == 0
    hopping = bench.by_id(bench.read("shill/brand_hopping"), "value")
    assert hopping["star"] == 2


def test_without_brands_there_is_no_history(bench):
    bench.tables.pop("brands")
    assert bench.network("input_tables", "accounts", "follower_graph", "sponsorship", "brand_history").success
    assert bench.read("shill/brand_ties").is_empty()
    assert bench.read("shill/brand_history").is_empty()
    assert bench.read("shill/brand_hopping").filter(pl.col("state") == "measured").is_empty()


def test_brands_with_more_words_than_one_expression_takes_are_found_all_the_same():
    few = pl.Series(["brewmoss", "@paceloft", "brewmoss"])
    many = pl.Series([f"word{number}" for number in range(1_000)])
    assert _any_of(few) == "@paceloft|brewmoss"
    assert _any_of(many) == ""
    assert _any_of(pl.Series([], dtype=pl.String)) == ""
