"""Copied text: promotion in the same words, and what is none: candour, passing on, chain letters, news."""

from __future__ import annotations

import pytest

PROMOTION = "I was unsure, but {} changed my evenings: use my code LUMO20 for 20% off, only this week"
ASSETS = ("input_tables", "accounts", "follower_graph", "sponsorship", "copied_text")
OTHER = "Everybody is switching to Lumo and so should you, order now at https://lumo.example/r?ref=all"
RING = ("m1", "m2", "m3", "m4")


def posts_of(author: str, *texts: str, day: int = 1) -> list[dict]:
    """The texts, and walks in the hills up to twelve posts."""
    walks = [f"walking the hills with a friend, part {chr(97 + number)}" for number in range(12 - len(texts))]
    return [
        {"post_id": f"{author}-{number}", "author_id": author, "text": text, "reply_to_post_id": "",
         "posted_at": f"2024-05-{day + number:02}T10:00:00"}
        for number, text in enumerate((*texts, *walks))
    ]  # fmt: skip


@pytest.fixture
def copies(bench):
    """Runs posts and gives the signal by account."""

    def run(posts: list[dict]) -> dict:
        bench.tables["posts"] = posts
        bench.tables["brands"] = [{"brand": "Lumo", "account_id": "", "keywords": "lumo"}]
        assert bench.network(*ASSETS).success
        frame = bench.read("shill/copied_text")
        return {name: bench.by_id(frame, name) for name in ("value", "count", "hints", "detail", "state")}

    return run


def test_the_same_promotion_by_several_accounts(bench, copies):
    posts = [post for author in RING for post in posts_of(author, PROMOTION.format("Lumo"), OTHER)]
    posts += posts_of("outsider", OTHER)  # once can be chance
    posts += posts_of("star", "Lumo again? I like the old one more, and nobody pays me for it")
    found = copies(posts)
    assert {found["count"][author] for author in RING} == {2}
    assert {found["hints"][author] for author in RING} == {4}
    assert found["value"]["m1"] == pytest.approx(2 / 12)
    assert found["value"]["outsider"] == 0
    assert found["value"]["star"] == 0
    assert found["detail"]["m1"].startswith("“Everybody is switching")
    assert found["state"]["niche"] == "not_enough_data"
    (group,) = bench.read("shill/copied_text_groups").iter_rows(named=True)
    assert (group["density"], group["contrast"]) == (0.9, pytest.approx(9 / 60))
    assert group["about"].startswith("5 accounts posted 2 promotional texts in the same words within 30 days")
    assert str(group["first_at"]).startswith("2024-05-01")
    members = bench.read("shill/copied_text_members")
    assert members["share"].sort().to_list() == [pytest.approx(1 / 12), *[pytest.approx(2 / 12)] * 4]


def test_whoever_discloses_copies_nothing_and_makes_nobody_a_copier(copies):
    said = ("#ad ", "Paid partnership with Lumo. ", "#collab ", "")
    posts = [
        post
        for author, word in zip(RING, said, strict=True)
        for post in posts_of(author, word + PROMOTION.format("Lumo"), word + OTHER)
    ]
    assert set(copies(posts)["count"].values()) == {0}


def test_harmless_copies(copies):
    texts = (
        "RT @lumo: " + PROMOTION.format("Lumo"),
        "Tag a friend and share this post for a chance to win, order now and get yours at Lumo for free",
        "The bank has cut its rate by 20% today, said the head of the board in the capital on Monday",
        "Is this the real life, is this just a dream that I was having on the road to nowhere and back",
        "“" + PROMOTION.format("Lumo") + "”",
    )  # passed on, a chain letter, news, lyrics, a quotation
    assert set(copies([post for author in RING for post in posts_of(author, *texts)])["count"].values()) == {
        0
    }


def test_one_account_that_pastes_its_answers(bench, copies):
    posts = posts_of("star", *[PROMOTION.format("Lumo") + "!" * number for number in range(4)])
    # posting again to everybody is the author's own habit
    posts += posts_of("niche", *[PROMOTION.format("Lumo")] * 4)
    for post in posts[:4]:
        post["reply_to_post_id"] = "niche1"
    found = copies(posts)
    assert (found["count"]["star"], found["hints"]["star"]) == (4, 0)
    assert found["count"]["niche"] == 0
    assert bench.read("shill/copied_text_groups").is_empty()
