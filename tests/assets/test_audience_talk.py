"""Stage 5: advocates with dates, and whose talk about a brand it is."""

from __future__ import annotations

import polars as pl
import pytest

from assets.audience_talk import MOST_BRANDS, talk_sentence

FIGURES = {
    "brand": "Lumen",
    "member_voices": 71,
    "pushed_voices": 230,
    "pushed_only_voices": 212,
    "member_to_member_voices": 34,
    "posts_read": 90,
    "paid_posts": 0,
}


SENTENCES = [
    (
        {},
        "71 members speak of Lumen in their own words, 212 only pass on or answer what its account posted;",
        " 34 talk about it with each other.",
    ),
    (
        {"member_voices": 1, "pushed_only_voices": 1, "member_to_member_voices": 0, "paid_posts": 1},
        "1 member speaks of Lumen in their own words, 1 only passes on or answers what its account posted;",
        " nobody talks about it with another. 1 more post by members is or may be paid.",
    ),
    (
        {"pushed_only_voices": 0, "paid_posts": 3},
        "71 members speak of Lumen in their own words, nobody only passes on or answers what its account",
        " posted; 34 talk about it with each other. 3 more posts by members are or may be paid.",
    ),
    (
        {"member_voices": 0, "pushed_voices": 5, "pushed_only_voices": 5, "member_to_member_voices": 0},
        "No member speaks of Lumen in their own words, 5 only pass on or answer what its account posted",
        ".",
    ),
    (
        {"member_voices": 0, "pushed_voices": 0, "pushed_only_voices": 0},
        "No member was seen speaking of Lumen, or passing on or answering what its account posted",
        ".",
    ),
    (
        {"posts_read": 0, "member_to_member_voices": None},
        "71 members mention Lumen, in words not in the data, 212 only pass on or answer what its account",
        " posted.",
    ),
    (
        {"pushed_voices": None},
        "71 members speak of Lumen in their own words; who passes on what its account posts is not known;",
        " 34 talk about it with each other.",
    ),
    (
        {"member_voices": None, "member_to_member_voices": None},
        "Whether members speak of Lumen in their own words is not known, 212 only pass on or answer what",
        " its account posted.",
    ),
]


@pytest.mark.parametrize(("changed", "beginning", "end"), SENTENCES)
def test_sentence(changed, beginning, end):
    assert talk_sentence(FIGURES | changed) == beginning + end


@pytest.fixture
def talked(bench):
    """`m1` likes Dealco unpaid and is paid later, `m2` answers it, `m3` is paid; `star` is a candidate."""
    bench.settings = {"partner_ranking": {"minimum_audience": 0, "minimum_audience_followers": 2}}
    texts = [
        ("p1", "m1", "Dealco makes good lamps", "", 1),
        ("p2", "m1", "Dealco again", "", 15),
        ("p3", "m1", "#ad Dealco paid me", "", 20),
        ("p4", "m2", "yes, dealco is fine =1+1", "p1", 2),
        ("p5", "m3", "#ad Dealco", "", 3),
        ("p6", "star", "Dealco \u202e \u2728", "", 4),
        ("p7", "m4", "RT to win: Dealco", "", 4),
        ("p8", "deal", "We are Dealco", "", 4),
        ("p9", "outsider", "Dealco", "", 4),
        ("p10", "m6", "Dealco is terrible, awful, I hate it", "", 6),
    ]
    bench.tables["brands"] = [row | {"category": "lamps"} for row in bench.tables["brands"]]
    bench.tables["posts"] += [
        {"post_id": post, "author_id": author, "text": text, "reply_to_post_id": parent,
         "posted_at": f"2024-05-{day:02}T09:00:00"}
        for post, author, text, parent, day in texts
    ]  # fmt: skip
    bench.tables["interactions"] += [
        {"actor_id": "m5", "target_id": "deal", "kind": "repost", "post_id": "p8",
         "occurred_at": "2024-05-05T10:00:00"}
    ]  # fmt: skip
    assert bench.network().success
    assert bench.audience().success
    return bench


def test_advocates_with_dates(talked):
    rows = {row["account_id"]: row for row in talked.found("advocates").to_dicts()}
    assert list(rows) == ["m1", "m2", "star"]  # paid, called for, a complaint, outside: none
    first = rows["m1"]
    assert (first["posts"], first["weeks"], first["is_before_paid"]) == (2, 2, True)
    assert (first["first_at"].day, first["last_at"].day, first["first_paid_at"].day) == (1, 15, 20)
    assert first["example_post_ids"] == ["p1", "p2"]
    assert rows["m2"]["first_paid_at"] is None
    assert rows["m2"]["is_before_paid"]
    assert [(row["is_member"], row["is_candidate"]) for row in rows.values()][-1] == (False, True)


def test_talk_of_members_apart_from_what_the_brand_pushes(talked):
    talk = {row["brand"]: row for row in talked.found("brand_talk").to_dicts()}
    assert list(talk) == ["fans", "Dealco"]  # the audience's own brand first
    assert talk["Dealco"]["member_voices"] == 3  # who complains speaks of it as well
    assert talk["fans"]["sentence"].startswith("No member was seen speaking of fans")


def test_an_audience_without_a_brand_shows_the_brands_it_talks_of(talked):
    talked.tables["brands"] = [row for row in talked.tables["brands"] if row["brand"] == "Dealco"]
    assert talked.network().success
    assert talked.audience().success
    (row,) = talked.found("brand_talk").to_dicts()
    assert (row["brand"], row["member_posts"], row["member_voices"]) == ("Dealco", 4, 3)
    assert (row["pushed_events"], row["pushed_voices"], row["brand_posts"]) == (1, 1, 1)
    assert (row["member_to_member_events"], row["member_to_member_voices"]) == (1, 2)
    assert row["sentence"] == (
        "3 members speak of Dealco in their own words, 1 only passes on or answers what its account posted; "
        "2 talk about it with each other. 2 more posts by members are or may be paid."
    )


def test_without_posts_and_brands_nothing_is_claimed(bench):
    for table in ("posts", "brands"):
        del bench.tables[table]
    assert bench.network().success
    assert bench.audience().success
    assert bench.found("advocates").is_empty()
    assert bench.found("brand_talk").is_empty()


def test_brands_beyond_the_most_are_counted(bench):
    bench.tables["brands"] = [
        {"brand": f"b{number}", "account_id": "", "keywords": f"word{number}"}
        for number in range(MOST_BRANDS + 3)
    ]
    assert bench.network().success
    result = bench.audience()
    assert result.success
    assert bench.found("brand_talk").height == MOST_BRANDS
    assert told(result, "brands left out") == 3


@pytest.mark.parametrize("category", ["Dealco", " DEALCO"])
def test_a_category_that_bears_the_name_of_a_brand_is_left_to_the_brand(talked, category, monkeypatch):
    """A list of brands of coffee names its category Coffee, and so does a brand."""
    lamps = {"brand": "Lampy", "account_id": "", "keywords": "lampy", "category": category}
    talked.tables["brands"] = [row | {"category": category} for row in talked.tables["brands"]] + [lamps]
    talked.tables["posts"].append(
        {"post_id": "p10", "author_id": "m1", "text": "Lampy!", "posted_at": "2024-05-09T09:00:00"}
    )
    assert talked.network().success
    result = talked.audience()
    assert result.success
    found = talked.found("advocates")
    assert found.select("run_id", "audience", "account_id", "brand").is_unique().all()
    assert found.filter(pl.col("account_id") == "m1")["brand"].to_list() == ["Dealco", "Lampy"]
    assert told(result, "advocates found") == {"Dealco": 3, "Lampy": 1}
    # under a name of its own the category has a row, and each kind is cut by itself
    talked.tables["brands"] = [row | {"category": "lamps"} for row in talked.tables["brands"]]
    monkeypatch.setattr("assets.audience_talk.MOST_ADVOCATES", 1)
    assert talked.network().success
    result = talked.audience()
    assert result.success
    assert talked.found("advocates")["brand"].to_list() == ["Dealco", "Lampy", "lamps"]
    assert told(result, "advocates found") == {"Dealco": 3, "Lampy": 1, "lamps": 1}
    assert told(result, "advocates listed") == 3


def told(result, name):
    """What the step says with its result."""
    (event,) = result.asset_materializations_for_node("audience_talk")
    return event.metadata[name].value
