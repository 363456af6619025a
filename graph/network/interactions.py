"""The interaction graph: who spends effort on whom, weighted by how hard that effort is to fake.

How weights are used belongs here; the table that ships is `pipelines/weights/interaction_weights.csv`.
Voices and weeks are counted in `graph.trust.word_of_mouth`, from events and without weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graph.network.followers import check_edges

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import FloatArray, IntegerArray

ANSWERED_REPLY = "answered_reply"
"""Kind of a reply between two accounts that both replied; nobody delivers it, it is seen here."""


class UnknownKindsError(ValueError):
    """Interactions of kinds that the weight table does not know."""


class KindWeightsError(ValueError):
    """Weights of interactions that cannot be used; the message lists every fault and the remedy."""


@dataclass(frozen=True)
class InteractionGraph:
    """Weighted interactions as compressed sparse rows, actor to target.

    Attributes:
        n_accounts: number of accounts, n.
        offsets: int64[n + 1]; the targets of `a` are ``targets[offsets[a]:offsets[a + 1]]``.
        targets: uint32[pairs], sorted within each row, each once.
        weights: float64[pairs], > 0.
    """

    n_accounts: int
    offsets: NDArray[np.int64]
    targets: NDArray[np.uint32]
    weights: FloatArray


def changed_weights(shipped: Mapping[str, float], changes: Mapping[str, float]) -> dict[str, float]:
    """The weights with some replaced; 0 leaves a kind out.

    Args:
        shipped: worth of every kind there is.
        changes: worth of some of them.

    Raises:
        KindWeightsError: All faults at once.
    """
    faults = [f"there is no kind called {kind}" for kind in sorted(changes.keys() - shipped.keys())]
    faults += [
        f"the weight of {kind} is no number from 0 up"
        for kind, weight in sorted(changes.items())
        if not (np.isfinite(weight) and weight >= 0)
    ]
    if faults:
        raise KindWeightsError(
            f"The weights of interactions cannot be used: {'; '.join(faults)}. Give weights from 0 up for "
            f"any of {', '.join(shipped)}; 0 leaves a kind out."
        )
    return {**shipped, **changes}


def build_interaction_graph(
    n_accounts: int,
    actor: IntegerArray,
    target: IntegerArray,
    kind: NDArray,
    events: IntegerArray,
    *,
    kind_weights: Mapping[str, float],
) -> InteractionGraph:
    """Weigh every pair of accounts: ``Σ over kinds of kind_weight · log(1 + events)``.

    The logarithm lets the hundredth like of one account add next to nothing. Where the target replied to
    the actor as well, a pair's replies weigh as `ANSWERED_REPLY` (as replies, if it has no weight). Rows of
    the same actor, target and kind are added up first; interactions with oneself and rows without events
    are dropped.

    Args:
        n_accounts: number of accounts, n.
        actor: node that acts, one per row.
        target: node acted upon.
        kind: kind of interaction, strings.
        events: how often.
        kind_weights: worth by kind, ≥ 0; only the ratios matter, and a kind worth 0 is left out.

    Returns:
        The graph; pairs whose weight is 0 are not in it.

    Raises:
        UnknownAccountsError: if a node is not below `n_accounts`.
        UnknownKindsError: if a kind has no weight; all of them are listed.
    """
    actor, target = np.asarray(actor), np.asarray(target)
    times = np.asarray(events, dtype=np.float64)
    check_edges(n_accounts, actor, target)
    code = _kind_codes(np.asarray(kind), kind_weights)
    used = (actor != target) & (times > 0)
    pair = (actor[used].astype(np.uint64) << np.uint64(32)) | target[used].astype(np.uint64)
    pairs, row_pair = np.unique(pair, return_inverse=True)
    weights = np.zeros(pairs.size)
    for number, (name, worth) in enumerate(kind_weights.items()):
        of_kind = code[used] == number
        total = np.bincount(row_pair[of_kind], weights=times[used][of_kind], minlength=pairs.size)
        per_pair = np.full(pairs.size, worth)
        if name == "reply":
            per_pair[_is_reciprocated(pairs, total > 0)] = kind_weights.get(ANSWERED_REPLY, worth)
        weights += per_pair * np.log1p(total)
    pairs, weights = pairs[weights > 0], weights[weights > 0]
    offsets = np.searchsorted(pairs >> np.uint64(32), np.arange(n_accounts + 1, dtype=np.uint64))
    targets = (pairs & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    return InteractionGraph(n_accounts, offsets.astype(np.int64), targets, weights)


def _kind_codes(kind: NDArray, kind_weights: Mapping[str, float]) -> NDArray[np.int8]:
    """Position of each row's kind in the weight table, int8[rows]."""
    code = np.full(kind.shape, -1, dtype=np.int8)
    for number, name in enumerate(kind_weights):
        code[kind == name] = number
    unknown = sorted({str(name) for name in kind[code < 0].tolist()})
    if unknown:
        raise UnknownKindsError(
            f"No weight is known for the interaction kinds {', '.join(unknown)}. "
            f"Map them to one of {', '.join(kind_weights)}, or give them a weight."
        )
    return code


def _is_reciprocated(pairs: NDArray[np.uint64], replied: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether a pair replied in both directions, bool[pairs]; keys are actor << 32 | target."""
    replying = pairs[replied]
    half = np.uint64(32)
    return replied & np.isin(pairs, (replying << half) | (replying >> half))
