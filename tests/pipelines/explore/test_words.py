from __future__ import annotations

from pipelines.errors import VouchError
from pipelines.explore import tables, words
from pipelines.explore.reading import StatementAnswer
from pipelines.explore.what_if import Difference, Wish, choose, difference

HOSTILE = '"><img src=http://evil.example/x.png onerror=owned=1>'


def test_hostile_text_is_escaped_on_every_card(view):
    row = {**view.candidates[0], "handle": HOSTILE, "display_name": HOSTILE, "account_id": "' onclick='x"}
    reason = {
        "side": "trust", "direction": "for", "sentence": HOSTILE, "example_ids": [HOSTILE], "signal": "x",
    }  # fmt: skip
    found = choose(view, Wish(picks=2), "count")
    for place in (0, 1):
        found.rows[place].update(handle=HOSTILE, account_id="' onclick='x", backup_handle=HOSTILE)
    change = difference(found, view.plans["count"])
    about = {**view.about, "audience": HOSTILE}
    for html in (
        words.evidence_card(row, [reason]),
        words.choice_card(found, change, Wish(picks=2), "count", "?who="),
        words.head(about),
        words.failure(VouchError(HOSTILE, details=[HOSTILE], remedy=HOSTILE)),
        words.found([], view.candidates, [HOSTILE], [HOSTILE]),
        words.nobody_chosen(HOSTILE),
        words.wishes_note("?who=", [HOSTILE]),
        words.macros([{"answers": HOSTILE, "example": HOSTILE}]),
    ):
        assert "<img" not in html
        assert "' onclick" not in html
        assert "&lt;img" in html


def test_cells_hold_no_address_and_no_picture():
    assert tables.inert("see http://evil.example/x.png") == "see http:\u2060//evil.example/x.png"
    assert tables.inert("data:image/png;base64,AAAA").startswith("\u2060")
    assert tables.inert(None) == ""
    assert "\n" not in tables.inert("two\nlines")


def test_tables_keep_figures_as_figures(view):
    frame = tables.candidate_frame(view.candidates)
    assert frame.height == 20
    assert frame["risk up to"].to_list()[:2] == [0.0, 1 / 30]
    assert frame["status"].to_list()[-1] == "watch: risk"
    assert tables.candidate_frame([]).columns == frame.columns
    assert set(tables.FORMATS) | set(tables.HIDDEN) | set(tables.WIDTHS) | set(tables.MEANINGS) <= set(
        frame.columns
    )
    assert tables.style("0", "status", "avoid: risk")["color"] == "#b91c1c"
    assert tables.style("0", "who", "avoid") == {}
    found = StatementAnswer(["a"], [{"a": ["x", "http://y"]}, {"a": float("nan")}, {"a": 2}], is_cut=False)
    assert tables.answer_rows(found) == [{"a": "x, http:\u2060//y"}, {"a": None}, {"a": 2}]


def test_differences_are_told_in_a_sentence():
    one, two = {"handle": "ann", "account_id": "1"}, {"handle": None, "account_id": "2"}
    assert words.difference_words(Difference([one], [two], 0.0, 0), "count") == (
        "@ann enters and 2 leaves, compared with the published plan for a number of partners."
    )
    assert words.difference_words(Difference([one, two], [], 0.1, 0), "budget").startswith(
        "@ann and 2 enter,"
    )
    assert words.difference_words(Difference([], [], 0.0, 0), "count").startswith("The same partners")
    assert words.difference_words(Difference([one], [], None, None), "count").startswith("Nothing to compare")
    assert words.names([one] * 9).endswith("@ann and 3 others")


def test_changes_have_a_sign():
    assert [words.points(value) for value in (0.0, 0.012, -0.0204, 1e-5, None)] == [
        "±0 points", "+1.2 points", "−2.0 points", "±0.0 points", "–",
    ]  # fmt: skip
    assert [words.change_of(value) for value in (0, 1200, -3, None)] == ["±0", "+1,200", "−3", "–"]


def test_audiences_and_plans_have_labels_of_their_own():
    about = {"audience": "Runners"}
    assert list(words.audience_labels([about, about])) == ["Runners", "Runners (2)"]
    budget = [{"budget": 2500.0, "currency": "EUR"}]
    assert words.plan_labels({"budget": budget, "count": budget * 3}) == {
        "the budget of 2,500 EUR": "budget",
        "the 3 partners of the portfolio": "count",
    }
    assert list(words.plan_labels({"count": budget})) == ["the 1 partner of the portfolio"]
    assert list(words.plan_labels({}).values()) == ["count"]


def test_how_many_the_filters_keep():
    said = [
        words.found([{}] * kept, [{}] * everybody, (), ())
        for kept, everybody in ((0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1))
    ]
    for text, part in zip(
        said,
        (
            "has no candidates.",
            "The one candidate.",
            "All 2 candidates.",
            "1 of 2 candidates.",
            "0 of 2 candidates.",
            "0 of 1 candidate.",
        ),
        strict=True,
    ):
        assert part in text


def test_an_answer_says_how_much_of_it_is_shown():
    rows = [{"a": 1}]
    assert "1 row." in words.answered(StatementAnswer(["a"], rows, is_cut=False))
    assert "The first row;" in words.answered(StatementAnswer(["a"], rows, is_cut=True))
