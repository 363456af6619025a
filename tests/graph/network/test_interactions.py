from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.network.followers import UnknownAccountsError
from graph.network.interactions import (
    ANSWERED_REPLY,
    KindWeightsError,
    UnknownKindsError,
    build_interaction_graph,
    changed_weights,
)

WEIGHTS = {"like": 0.02, "repost": 0.3, "mention": 0.5, "quote": 0.7, "reply": 1.0, ANSWERED_REPLY: 2.0}
KINDS = [kind for kind in WEIGHTS if kind != ANSWERED_REPLY]


def build(n_accounts, rows, **options):
    actor, target, kind, events = zip(*rows, strict=True) if rows else ((), (), (), ())
    return build_interaction_graph(
        n_accounts,
        np.array(actor, dtype=np.uint32),
        np.array(target, dtype=np.uint32),
        np.array(kind, dtype=object),
        np.array(events, dtype=np.int64),
        **({"kind_weights": WEIGHTS} | options),
    )


def as_dictionary(graph):
    return {
        (actor, int(graph.targets[entry])): graph.weights[entry]
        for actor in range(graph.n_accounts)
        for entry in range(graph.offsets[actor], graph.offsets[actor + 1])
    }


def weights_by_loop(rows):
    totals = Counter()
    for actor, target, kind, events in rows:
        if actor != target and events > 0:
            totals[actor, target, kind] += events
    weights = Counter()
    for (actor, target, kind), events in totals.items():
        mutual = kind == "reply" and (target, actor, "reply") in totals
        weights[actor, target] += WEIGHTS[ANSWERED_REPLY if mutual else kind] * math.log(1 + events)
    return weights


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 5), st.sampled_from(KINDS), st.integers(0, 40)),
        max_size=40,
    )
)
def test_weights_are_what_a_loop_over_rows_adds_up(rows):
    graph = build(6, rows)
    assert as_dictionary(graph) == pytest.approx(weights_by_loop(rows))
    for actor in range(6):
        row = graph.targets[graph.offsets[actor] : graph.offsets[actor + 1]]
        assert row.tolist() == sorted(set(row.tolist()))


def test_a_thousand_bought_likes_weigh_less_than_one_reply():
    weights = as_dictionary(build(3, [(0, 1, "like", 1000), (0, 2, "reply", 1)]))
    assert weights[0, 1] < weights[0, 2] / 4


def test_back_and_forth_replies_count_more_but_likes_beside_them_do_not():
    one_way = as_dictionary(build(2, [(0, 1, "reply", 3), (0, 1, "like", 3)]))
    mutual = as_dictionary(build(2, [(0, 1, "reply", 3), (0, 1, "like", 3), (1, 0, "reply", 1)]))
    extra = (WEIGHTS[ANSWERED_REPLY] - WEIGHTS["reply"]) * math.log(4)
    assert mutual[0, 1] - one_way[0, 1] == pytest.approx(extra)


def test_events_saturate_whether_or_not_they_come_in_one_row():
    together = as_dictionary(build(2, [(0, 1, "repost", 6)]))
    apart = as_dictionary(build(2, [(0, 1, "repost", 1), (0, 1, "repost", 5)]))
    assert together == pytest.approx(apart)


def test_a_table_of_ones_own_replaces_the_weights():
    graph = build(3, [(0, 1, "like", 1), (0, 2, "zap", 1)], kind_weights={"like": 0.0, "zap": 1.0})
    assert as_dictionary(graph) == pytest.approx({(0, 2): math.log(2)})


def test_answered_replies_without_a_weight_of_their_own_are_replies():
    rows = [(0, 1, "reply", 3), (1, 0, "reply", 1)]
    assert as_dictionary(build(2, rows, kind_weights={"reply": 0.5}))[0, 1] == pytest.approx(
        0.5 * math.log(4)
    )


def test_nothing_at_all():
    graph = build(3, [])
    assert graph.offsets.tolist() == [0, 0, 0, 0]
    assert graph.weights.size == 0


def test_unknown_kinds_and_accounts_are_listed():
    with pytest.raises(UnknownKindsError, match="poke, wave"):
        build(2, [(0, 1, "wave", 1), (1, 0, "poke", 1), (0, 1, "like", 1)])
    with pytest.raises(UnknownAccountsError, match="7"):
        build(2, [(0, 7, "like", 1)])


def test_weights_are_replaced_one_by_one():
    assert changed_weights(WEIGHTS, {"like": 0, "reply": 3.0}) == {**WEIGHTS, "like": 0, "reply": 3.0}
    assert changed_weights(WEIGHTS, {}) == WEIGHTS


def test_weights_that_mean_nothing_are_refused_all_at_once_with_the_remedy():
    said = r"no kind called liek; the weight of like is no .*; the weight of quote is .*; the weight of reply"
    with pytest.raises(KindWeightsError, match=said) as error:
        changed_weights(WEIGHTS, {"liek": 1.0, "like": -1.0, "quote": math.nan, "reply": math.inf})
    assert "any of like, repost" in str(error.value)
