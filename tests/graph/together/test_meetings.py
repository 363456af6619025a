from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.together import meetings
from graph.together.meetings import MIN_REPEATS, WINDOWS_S, first_shares, repeated_meetings

ACTS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(-3, 3), st.integers(0, 8_000)), min_size=1, max_size=50
)


def shares_of(rows, appeared=-1, source=-1):
    actor, object_, at = np.array(rows, dtype=np.int64).T
    columns = (actor, object_, at, np.full(at.size, source), np.full(at.size, appeared))
    return first_shares(6, columns, np.random.default_rng(0))


def slow_meetings(rows):
    """Every meeting within the widest window of pairs with enough of them, by plain loops."""
    first = {}
    for actor, object_, at in rows:
        first[actor, object_] = min(at, first.get((actor, object_), at))
    met = {}
    for (u, object_), at in first.items():
        for (v, other), when in first.items():
            if u < v and object_ == other and abs(at - when) <= WINDOWS_S[-1]:
                met.setdefault((u, v), []).append((object_, min(at, when), abs(at - when)))
    return {pair: sorted(found) for pair, found in met.items() if len(found) >= MIN_REPEATS}


@settings(max_examples=60, deadline=None)
@given(rows=ACTS)
def test_meetings_agree_with_plain_loops(rows):
    shares = shares_of(rows)
    met = repeated_meetings(shares)
    pairs = list(zip(met.first.tolist(), met.second.tolist(), strict=True))
    found = {pair: [] for pair in pairs}
    for pair, object_, at, gap in zip(met.pair, shares.names[met.object], met.at, met.gap, strict=True):
        found[pairs[pair]].append((int(object_), int(at), int(gap)))
    assert {pair: sorted(rows) for pair, rows in found.items()} == slow_meetings(rows)


@settings(max_examples=60, deadline=None)
@given(rows=ACTS)
def test_the_first_share_stands_for_an_appearance_that_is_not_known(rows):
    shares = shares_of(rows)
    for number, name in enumerate(shares.names.tolist()):
        earliest = min(at for _, object_, at in rows if object_ == name)
        assert shares.appeared[number] == earliest
        opens = np.isnan(shares.delay) & (shares.object == number)
        assert shares.actor[opens].tolist() == [shares.opener[number]]
        assert (shares.at[opens] == earliest).all()
    assert (shares_of(rows, appeared=0).opener == -1).all()


def test_no_more_meetings_are_looked_at_than_allowed(monkeypatch):
    rows = [(actor, object_, actor) for object_ in range(4) for actor in range(6)]
    assert repeated_meetings(shares_of(rows)).pair.size == 4 * 15

    monkeypatch.setattr(meetings, "MOST_MEETINGS", 20)  # one for each act but the last of an object
    closest = repeated_meetings(shares_of(rows))
    assert closest.pair.size == 4 * 5
    assert closest.gap.tolist() == [1] * 20
