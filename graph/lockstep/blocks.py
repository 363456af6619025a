"""One block of follows measured: who is in it as what, and what tells it from a natural community.

Belongs here: the figures of a block, their bars, and along which line it falls apart where it is several in
one. Does not belong here: where blocks are looked for and which of them are reported
(`graph.lockstep.search`), and the model that a block is grown by (`graph.lockstep.block_model`).

A dense block is not enough: communities are dense. A block is flagged only if all of this holds, each bar
set between planted blocks and everything found on untouched networks (docs/METHODS.md gives the figures):

- evenness: given how much each buyer follows and how often each customer is followed, nothing more is left to
  explain. In a community, friends and topics are left: the leading singular value of what remains is far
  above that of chance;
- contrast: much of the customers' following comes from the block;
- devotion: the block is a good part of what its buyers follow at all;
- sides: buyers and customers are different accounts, and customers do not follow back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.linalg import eigh
from scipy.special import xlogy

from graph.lockstep.block_model import only
from graph.lockstep.counting import Part, count_hits, count_shared, count_there, follows_inside
from graph.lockstep.for_show import followed_for_show, shown_beside_orders

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import FloatArray, IntegerArray
    from graph.lockstep.counting import Side
    from graph.lockstep.sizes import Sizes

FEWEST_BUYERS = 15
FEWEST_CUSTOMERS = 4
LEAST_SHARE = 0.1
"""A customer has at least this share of its followers from the block."""

TIMES_USUAL = 2.5
"""And this many times what the buyers are of the followers of other accounts of its size: what they follow
for show is no purchase."""

LEAST_EVIDENCE = 10.0
"""√(rows · columns) · density: below, communities inside a block cannot be told from chance (a contrast of c
shows from 1/c² on; Kesten-Stigum), so evenness says nothing."""

LEAST_SURPRISE = 400.0
LEAST_CONTRAST = 0.2
LEAST_DEVOTION = 0.1
MOST_STRUCTURE = 1.08
"""Leading singular value of what is left ÷ the upper end of chance. Inside a community the margin takes that
back to chance itself: a hundred groups are looked at there, and an even block lies beyond three standard
deviations once in some hundreds."""

MOST_OVERLAP = 0.2
MOST_ANSWERED = 0.15

_SAMPLE_ROWS, _SAMPLE_COLUMNS = 600, 300
_DRAWS = 20
_SURE = 3.0  # standard deviations above the mean of what chance draws
_CLEARLY = 1.5  # times the first drawn table: no others are needed to see it


class Margin(NamedTuple):
    """How many times as high bars are where more was looked at.

    Attributes:
        each: of every figure but those below.
        both: of the geometric mean of contrast and devotion, each ÷ its bar. Devotion needs no margin of its
            own: buyers who have habits of their own owe little to the block, and their customers everything.
        evenness: of structure.
    """

    each: float
    both: float
    evenness: float


WHOLE = Margin(1.0, 1.0, 1.0)
INSIDE = Margin(1.5, 1.5, 1.08)
"""Inside a community: it has parts, and there are many to look at."""

APART = Margin(1.5, 2.5, 1.08)
"""What is left of a group without those in it who are followed as well."""


@dataclass(frozen=True)
class FollowBlock:
    """A group of accounts that follow the same set of others far more than degrees explain.

    Attributes:
        buyers: uint32, sorted: who follows.
        customers: uint32, sorted: who is followed.
        bought: float64 per customer, share of its followers that are buyers.
        follows: how many follows lie in the block.
        expected: how many of them degrees explain, those of the block left out.
        density: share of all pairs of buyer and customer that are follows.
        contrast: share of the customers' followings that come from the buyers.
        devotion: share of the buyers' follows that go to the customers.
        structure: leading singular value of what buyers and customers leave unexplained ÷ the upper end of
            chance; an even block stays below 1, communities lie far above; NaN where another
            bar was missed already.
        overlap: accounts on both sides ÷ those of the smaller side.
        answered: share of the block's follows that go back as well.
        surprise: log likelihood ratio of the buyers.
        score: 1 and more is flagged; see `_score`.
        again: share of random halves of its columns from which the same block is found again; NaN where a
            bar was missed already. Too small a share is the score.
    """

    buyers: NDArray[np.uint32]
    customers: NDArray[np.uint32]
    bought: FloatArray
    follows: int
    expected: float
    density: float
    contrast: float
    devotion: float
    structure: float
    overlap: float
    answered: float
    surprise: float
    score: float
    again: float = float("nan")

    @property
    def is_flagged(self) -> bool:
        """Whether every bar is passed."""
        return self.score >= 1.0


def measured_block(
    sizes: Sizes,
    by_row: Side,
    by_column: Side,
    rows: Part,
    columns: Part,
    margin: Margin,
    evened: dict[tuple[bytes, bytes], tuple[float, FloatArray]],
) -> tuple[FollowBlock | None, list[tuple[Part, Margin]]]:
    """The block as it is reported, and where to look again if it is several in one.

    Its figures must be `margin` times their bars. Evenness is most of the work, and halves of a block grow
    into the very same one: `evened` keeps it by rows and customers, for all blocks of one network.

    An order may hide among friends who follow each other: where nothing but both sides being the same people
    speaks against a block, it is looked for again without them.
    """
    place, column = follows_inside(by_row, rows.nodes, columns.nodes)
    hits = np.bincount(column, minlength=columns.nodes.size).astype(float)
    is_customer = _are_customers(sizes, by_row, rows.nodes, columns.nodes, hits)
    customers = columns.nodes[is_customer]
    if customers.size < FEWEST_CUSTOMERS:
        return None, []
    inside = is_customer[column]
    place, column = place[inside], (np.cumsum(is_customer) - 1)[column[inside]]
    per_row = np.bincount(place, minlength=rows.nodes.size)
    # a fan club of three is not made four by an account that a few of them follow as well
    per_column = np.bincount(column, minlength=customers.size).astype(float)
    if np.square(per_column.sum()) < (FEWEST_CUSTOMERS - 0.5) * np.square(per_column).sum():
        return None, []
    figures = _figures(by_row, by_column, rows.nodes, customers, place, column)
    structure, groups = float("nan"), []
    surprise = float(rows.surprise.sum())
    if _score(surprise, figures, margin, structure) >= 1.0:
        sides = rows.nodes.tobytes(), customers.tobytes()
        if sides not in evened:
            evened[sides] = evenness(place, column, rows.nodes.size, customers.size)
        structure, lean = evened[sides]
        if structure > MOST_STRUCTURE:
            groups = [(group, margin) for group in _groups(rows, place, column, lean)]
    elif (
        figures.overlap > 0
        and _score(surprise, figures._replace(overlap=0.0, answered=0.0), margin, structure) >= 1.0
    ):
        apart = only(rows, ~np.isin(rows.nodes, customers, assume_unique=True))
        groups = [(apart, APART)] if apart.nodes.size >= FEWEST_BUYERS else []
    block = FollowBlock(
        buyers=rows.nodes[per_row > 0].astype(np.uint32),
        customers=customers.astype(np.uint32),
        bought=(hits / sizes.degrees[columns.nodes])[is_customer],
        follows=int(place.size),
        expected=_expected(by_row, by_column, rows.nodes, customers, place.size),
        density=place.size / (rows.nodes.size * customers.size),
        contrast=figures.contrast,
        devotion=figures.devotion,
        structure=structure,
        overlap=figures.overlap,
        answered=figures.answered,
        surprise=surprise,
        score=_score(surprise, figures, margin, structure),
    )
    return block, groups


def without_shown(by_row: Side, by_column: Side, block: FollowBlock) -> FollowBlock:
    """The block without those that its buyers follow for show, where it clearly holds these beside customers.

    Buyers who follow the popular of one community for show, and customers of the same community, are grown
    as one block. What it is told by stays as it was grown (`structure`, `surprise`, `score`, `again`), but
    a block that is left with too few customers is none.
    """
    degrees = by_column.degrees[block.customers]
    hits = np.rint(block.bought * degrees)
    is_customer = ~shown_beside_orders(hits, np.maximum(degrees - hits, 1.0), LEAST_SHARE)
    if is_customer.all():
        return block
    customers = block.customers[is_customer].astype(np.int64)
    if customers.size < FEWEST_CUSTOMERS:
        return replace(block, score=customers.size / FEWEST_CUSTOMERS)
    rows = block.buyers.astype(np.int64)
    place, column = follows_inside(by_row, rows, customers)
    per_row = np.bincount(place, minlength=rows.size)
    figures = _figures(by_row, by_column, rows, customers, place, column)
    return replace(
        block,
        buyers=block.buyers[per_row > 0],
        customers=block.customers[is_customer],
        bought=block.bought[is_customer],
        follows=int(place.size),
        expected=_expected(by_row, by_column, rows, customers, place.size),
        density=place.size / (rows.size * customers.size),
        contrast=figures.contrast,
        devotion=figures.devotion,
        overlap=figures.overlap,
        answered=figures.answered,
    )


class _Figures(NamedTuple):
    """What is counted of a block; see `FollowBlock`. `evidence` is what `LEAST_EVIDENCE` is the bar of."""

    evidence: float
    contrast: float
    devotion: float
    overlap: float
    answered: float


def _figures(
    by_row: Side,
    by_column: Side,
    buyers: IntegerArray,
    customers: IntegerArray,
    place: IntegerArray,
    column: IntegerArray,
) -> _Figures:
    follows, smaller = place.size, min(buyers.size, customers.size)
    return _Figures(
        evidence=follows / float(np.sqrt(buyers.size * customers.size)),
        contrast=follows / float(by_column.degrees[customers].sum()),
        devotion=follows / float(by_row.degrees[buyers].sum()),
        overlap=count_shared(buyers, customers) / smaller,
        answered=count_there(by_row, customers[column], buyers[place]) / max(follows, 1),
    )


def _expected(
    by_row: Side, by_column: Side, buyers: IntegerArray, customers: IntegerArray, follows: int
) -> float:
    """Follows between both sides that the degrees they have elsewhere would bring about."""
    elsewhere = (
        float(by_row.degrees[buyers].sum()) - follows,
        float(by_column.degrees[customers].sum()) - follows,
    )
    return elsewhere[0] * elsewhere[1] / max(by_row.total - follows, 1.0)


def _are_customers(
    sizes: Sizes, by_row: Side, buyers: IntegerArray, columns: IntegerArray, hits: FloatArray
) -> NDArray[np.bool_]:
    """Which columns are followed by buyers, by so many each, more than accounts of the same size.

    Sold followers follow celebrities as well, so that they look like anybody. What is usual is the median of
    buyers ÷ other followers, over accounts of the same power of two of other followers or over those just
    larger, whichever is more. Small accounts are many and some get several times the usual by luck: what is
    beyond the usual must also be more than chance brings about among as many accounts (Poisson).
    """
    keep = hits / np.maximum(sizes.degrees[columns], 1.0) >= LEAST_SHARE
    if np.count_nonzero(keep) < FEWEST_CUSTOMERS:
        return keep  # too few to be a block, whatever is usual
    others = np.maximum(sizes.degrees[columns] - hits, 1.0)
    usual, by_luck, met = sizes.in_tiers(*count_hits(by_row, buyers), columns, hits)
    keep &= _stand_out(hits, others, usual, by_luck, sizes.n_followed)
    if np.count_nonzero(keep) < FEWEST_CUSTOMERS:
        return keep
    usual = np.maximum(usual[keep], sizes.of_the_larger(met, columns[keep], hits[keep]))
    keep[keep] = _stand_out(hits[keep], others[keep], usual, by_luck[keep], sizes.n_followed)
    keep[keep] = ~followed_for_show(hits[keep], others[keep])
    return keep


def _stand_out(
    hits: FloatArray, others: FloatArray, usual: FloatArray, by_luck: FloatArray, n_followed: int
) -> NDArray[np.bool_]:
    """Which accounts are followed beyond what is usual and what luck brings; the less usual, the more."""
    expected = np.maximum(np.maximum(usual * others, by_luck), 1e-9)
    surprise = xlogy(hits, hits / expected) - (hits - expected)
    return (hits / others >= TIMES_USUAL * usual) & (surprise >= np.log(max(n_followed, 1)))


def evenness(
    place: IntegerArray, column: IntegerArray, n_rows: int, n_columns: int
) -> tuple[float, FloatArray]:
    """How much of a block its margins leave unexplained, against chance, and along which columns.

    With rates a_i for rows and b_j for columns, fitted to both margins, a follow is independent of all others
    with the chance ``1 - exp(-a_i · b_j)``. What is left over, each cell divided by the regularised size of
    its row and column, has a leading singular value; so have tables drawn from those chances. An even block
    stays at or below the upper end of theirs (mean and three standard deviations), however busy its rows and
    popular its columns are. What is drawn depends on the block alone, so that it has the same figure in every
    run.

    Args:
        place: row of each follow.
        column: column of each follow.
        n_rows: rows.
        n_columns: columns.

    Returns:
        The ratio, and the leading direction, float64[n_columns], 0 for columns outside the sample.
    """
    rng = np.random.default_rng((place.size, n_rows, n_columns))
    rows = np.sort(rng.permutation(n_rows)[:_SAMPLE_ROWS])
    columns = np.sort(rng.permutation(n_columns)[:_SAMPLE_COLUMNS])
    table = np.zeros((n_rows, columns.size), dtype=bool)
    where = np.full(n_columns, -1)
    where[columns] = np.arange(columns.size)
    kept = where[column] >= 0
    table[place[kept], where[column[kept]]] = True
    table = table[rows]
    table = table[table.any(axis=1)]
    chance = _even_chances(table)
    values, vectors = np.linalg.eigh(_remainder(table, chance))
    observed, direction = float(np.sqrt(max(values[-1], 0.0))), vectors[:, -1]
    drawn: list[float] = []
    while len(drawn) < _DRAWS and not (drawn and observed > _CLEARLY * drawn[0]):
        drawn.append(_largest(_remainder(rng.random(chance.shape) < chance, chance)))
    lean = np.zeros(n_columns)
    lean[columns] = direction
    usual = float(np.mean(drawn) + (_SURE * np.std(drawn, ddof=1) if len(drawn) > 1 else 0.0))
    return (observed / usual if usual > 0 else 1.0), lean


def _largest(square: FloatArray) -> float:
    """Root of the largest eigenvalue; the others are not worked out."""
    last = [len(square) - 1] * 2
    value = eigh(square, eigvals_only=True, subset_by_index=last, overwrite_a=True, check_finite=False)
    return float(np.sqrt(max(value[0], 0.0)))


def _even_chances(table: NDArray[np.bool_]) -> FloatArray:
    """Chance of each cell where rows and columns act independently, fitted to the margins."""
    per_row, per_column = table.sum(axis=1).astype(float), table.sum(axis=0).astype(float)
    row, column = per_row / np.sqrt(max(per_row.sum(), 1)), per_column / np.sqrt(max(per_row.sum(), 1))
    chance = np.zeros(table.shape)
    for _ in range(8):
        chance = -np.expm1(-np.outer(row, column))
        row *= per_row / np.maximum(chance.sum(axis=1), 1e-9)
        chance = -np.expm1(-np.outer(row, column))
        column *= per_column / np.maximum(chance.sum(axis=0), 1e-9)
    return chance


def _remainder(table: NDArray[np.bool_], chance: FloatArray) -> FloatArray:
    """The scaled remainder times itself, float64[columns, columns].

    Its eigenvalues are the squares of the remainder's singular values, its vectors the right directions.
    """
    per_row, per_column = chance.sum(axis=1), chance.sum(axis=0)
    scale_row = 1.0 / np.sqrt(per_row + per_row.mean())
    scale_column = 1.0 / np.sqrt(per_column + per_column.mean())
    left = (table - chance) * scale_row[:, None] * scale_column
    return left.T @ left


def _groups(rows: Part, place: IntegerArray, column: IntegerArray, lean: FloatArray) -> list[Part]:
    """The rows on either side of the direction along which most is left unexplained."""
    size = rows.nodes.size
    per_row, per_column = np.bincount(place, minlength=size), np.bincount(column, minlength=lean.size)
    along = lean / np.sqrt(per_column + per_column.mean())
    expected = per_row * float((per_column * along).sum()) / max(place.size, 1)
    side = np.bincount(place, weights=along[column], minlength=size) > expected
    groups = [only(rows, part) for part in (side, ~side)]
    return [group for group in groups if group.nodes.size >= FEWEST_BUYERS]


def _score(surprise: float, figures: _Figures, margin: Margin, structure: float) -> float:
    """The weakest of the block's figures, each ÷ its bar: 1 and more passes them all."""
    both = np.sqrt(figures.contrast / LEAST_CONTRAST * figures.devotion / LEAST_DEVOTION)
    evenness_bar = MOST_STRUCTURE / margin.evenness
    return float(
        min(
            surprise / LEAST_SURPRISE / margin.each,
            figures.evidence / LEAST_EVIDENCE / margin.each,
            figures.contrast / LEAST_CONTRAST / margin.each,
            figures.devotion / LEAST_DEVOTION,
            both / margin.both,
            MOST_OVERLAP / max(figures.overlap, 0.01) / margin.each,
            MOST_ANSWERED / max(figures.answered, 0.01) / margin.each,
            np.inf if np.isnan(structure) else (evenness_bar / structure) ** 4,
        )
    )
