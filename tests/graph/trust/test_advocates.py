from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.trust.advocates import BrandMentions, category_mentions, find_advocates
from graph.trust.word_of_mouth import UNKNOWN_TIME


def one_post(pair):
    """A post has one author, class and time, whatever it is about."""
    about, post = pair
    kind = ("own", "own", "paid", "neither")[post % 4]
    return post % 3, about, post, kind, None if post in {8, 10} else (post * 7) % 40


ROWS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 14)), max_size=30, unique=True).map(
    lambda pairs: [one_post(pair) for pair in pairs]
)


def mentions(rows):
    columns = list(zip(*rows, strict=True)) if rows else [()] * 5
    kinds = np.array(columns[3], dtype=object)
    times = [UNKNOWN_TIME if at is None else at for at in columns[4]]
    return BrandMentions(
        author=np.array(columns[0], dtype=np.int64),
        about=np.array(columns[1], dtype=np.int64),
        post=np.array(columns[2], dtype=np.int64),
        at=np.array(times, dtype=np.int64),
        week=np.array([-1 if at is None else at // 7 for at in columns[4]], dtype=np.int64),
        is_own_accord=kinds == "own",
        is_paid=kinds == "paid",
    )


def slow(rows):
    """One dictionary per account and brand, in the order that the table has."""
    result = []
    for author, about in {(row[0], row[1]) for row in rows if row[3] == "own"}:
        mine = [row for row in rows if row[:2] == (author, about)]
        own = [row for row in mine if row[3] == "own"]
        paid = [row for row in mine if row[3] == "paid"]
        dated = [row[4] for row in own if row[4] is not None]
        paid_dated = [row[4] for row in paid if row[4] is not None]
        first, first_paid = min(dated, default=None), min(paid_dated, default=None)
        result.append(
            {
                "author": author,
                "about": about,
                "posts": len({row[2] for row in own}),
                "weeks": len({at // 7 for at in dated}),
                "first_at": first,
                "last_at": max(dated, default=None),
                "first_paid_at": first_paid,
                "is_before_paid": not paid
                or (first is not None and len(paid_dated) == len(paid) and first < first_paid),
            }
        )
    return sorted(result, key=lambda row: (row["about"], -row["weeks"], -row["posts"], row["author"]))


def as_rows(found):
    names = [name for name in vars(found) if name != "example_rows"]
    values = zip(*(getattr(found, name).tolist() for name in names), strict=True)
    return [
        {name: None if value == UNKNOWN_TIME else value for name, value in zip(names, row, strict=True)}
        for row in values
    ]


@settings(max_examples=120, deadline=None)
@given(ROWS)
def test_agrees_with_a_walk_over_every_account_and_brand(rows):
    assert as_rows(find_advocates(mentions(rows))) == slow(rows)


@settings(max_examples=60, deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_is_of_no_account(rows, random):
    shuffled = random.sample(rows, len(rows))
    assert as_rows(find_advocates(mentions(shuffled))) == as_rows(find_advocates(mentions(rows)))


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_the_same_post_twice_changes_nothing(rows):
    assert as_rows(find_advocates(mentions([*rows, *rows]))) == as_rows(find_advocates(mentions(rows)))


@settings(max_examples=60, deadline=None)
@given(ROWS, st.integers(1, 4))
def test_examples_are_distinct_posts_of_their_row_earliest_first(rows, most):
    said = mentions(rows)
    found = find_advocates(said, examples=most)
    for place in range(found.author.size):
        picked = [row for row in found.example_rows[place].tolist() if row >= 0]
        assert all(said.is_own_accord[row] for row in picked)
        assert {(said.author[row], said.about[row]) for row in picked} == {
            (found.author[place], found.about[place])
        }
        assert len({said.post[row] for row in picked}) == len(picked) == min(most, found.posts[place])
        assert said.at[picked].tolist() == sorted(said.at[picked].tolist())


def test_praise_before_between_and_after_paid_posts():
    rows = [
        (0, 0, 1, "own", 1), (0, 0, 2, "paid", 5),  # before
        (1, 0, 3, "paid", 1), (1, 0, 4, "own", 5),  # after
        (2, 0, 5, "own", 3), (2, 1, 6, "paid", 1),  # paid by another brand
        (3, 0, 7, "own", 1), (3, 0, 8, "paid", None),  # paid, nobody knows when
        (4, 0, 9, "own", 1), (4, 0, 10, "neither", 0),  # a post that is neither takes nothing away
    ]  # fmt: skip
    found = find_advocates(mentions(rows))
    assert dict(zip(found.author.tolist(), found.is_before_paid.tolist(), strict=True)) == {
        0: True, 1: False, 2: True, 3: False, 4: True,
    }  # fmt: skip


def test_a_category_is_spoken_of_by_who_names_two_of_its_brands():
    rows = [
        (0, 0, 1, "own", 1), (0, 1, 2, "own", 8),  # both lamps
        (0, 1, 1, "own", 1),  # one post that names both
        (1, 0, 3, "own", 1), (1, 2, 4, "own", 2),  # a lamp and something without a category
    ]  # fmt: skip
    about = category_mentions(mentions(rows), np.array([0, 0, -1]))
    found = as_rows(find_advocates(about))
    assert [(row["author"], row["about"], row["posts"], row["weeks"]) for row in found] == [(0, 0, 2, 2)]


def test_nothing_said():
    found = find_advocates(mentions([]))
    assert found.author.size == 0
    assert found.example_rows.shape == (0, 3)
    assert category_mentions(mentions([]), np.array([0])).author.size == 0
