"""Lockstep in the whole network: groups of accounts that follow the same set of others as if sent there.

Which blocks there are, who is in them as what, and what tells them from a natural community belong here; the
model of one block is `graph.block_model`, where to look is `graph.lockstep_seeds`. Members of one audience
who move as one are `graph.audience_lockstep`'s business.

A dense block is not enough: communities are dense. A block is flagged only if all of this holds, each bar
set between planted blocks and everything found on untouched networks (docs/METHODS.md gives the figures):

- evenness: given how much each buyer follows and how often each customer is followed, nothing more is left to
  explain. In a community, friends and topics are left: the leading singular value of what remains is far
  above that of chance;
- contrast: much of the customers' following comes from the block;
- devotion: the block is a good part of what its buyers follow at all;
- sides: buyers and customers are different accounts, and customers do not follow back.

Who follows in a block says nothing about who ordered it: followers can be sent by others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graph.block_model import Part, Side, count_hits, fit_block, join_part, sides
from graph.followers import build_follower_graph
from graph.lockstep_seeds import partners, row_weights, starting_points
from graph.lockstep_times import burst_graph
from graph.sparse_rows import count_shared, take_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from graph.followers import FollowerGraph
    from graph.sparse_rows import FloatArray, IntegerArray

N_BEST = 60
N_DRAWN = 250
ONE_IN = 20
MOST_DRAWN = 2_000
"""Starts: those most followed together, then random ones, each with two weights of followers: `N_DRAWN`, in
larger networks one of `ONE_IN` accounts, never more than `MOST_DRAWN`. A block with 1 % of the accounts among
its customers is met by a random start with a chance of 92 %."""

FEWEST_BUYERS = 15
FEWEST_CUSTOMERS = 4
LEAST_SHARE = 0.1
"""A customer has at least this share of its followers from the block."""

TIMES_USUAL = 2.5
"""And this many times what the buyers are of the followers of other accounts of its size: what they follow
for show is no purchase."""

NEXT_LARGER = 50
"""Accounts just larger than a customer that it is compared with as well: follows for show go to the popular,
and whoever is followed like all who are more popular still was chosen for that, not sold."""

LEAST_EVIDENCE = 10.0
"""√(rows · columns) · density: below, communities inside a block cannot be told from chance (a contrast of c
shows from 1/c² on; Kesten-Stigum), so evenness says nothing."""

LEAST_SURPRISE = 400.0
LEAST_CONTRAST = 0.2
LEAST_DEVOTION = 0.1
MOST_STRUCTURE = 1.1
MOST_OVERLAP = 0.2
MOST_ANSWERED = 0.15
N_REWIRED = 1
N_DRAWN_INSIDE = 60
FEWEST_INSIDE = 50
MARGIN_INSIDE = 1.5
EVENNESS_INSIDE = 1.05
"""A community of this many rows and columns is searched by itself, from so many random starts. Bars are then
so many times as high, that of evenness a little: a community has parts, and there are many to look at."""

FEWEST_FOLLOWERS = 10
"""With fewer followers in the data nothing is said about an account."""

CLEARER = 1.5
"""Of two blocks with the same buyers the larger one is reported, unless the customers of the smaller owe them
so many times as much: the larger one then has what the buyers follow for show among its customers."""

_SAMPLE_ROWS, _SAMPLE_COLUMNS = 600, 300
_SPLITS = 60
_TURNS_APART = 3
_DEALS = 6
_DRAWS = 6
_FIRST_COMPARED = 2
_ALIKE = 0.5
_LEADS_BACK = 0.8


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

    @property
    def is_flagged(self) -> bool:
        """Whether every bar is passed."""
        return self.score >= 1.0


@dataclass(frozen=True)
class Lockstep:
    """The blocks of a network.

    Attributes:
        blocks: flagged ones, highest score first, none inside another.
        others: blocks that were looked at and not flagged, highest score first.
        share: float64[n], estimated share of an account's followers that were sent: the part of them in any
            flagged block whose customer it is, 0 outside, NaN with fewer than `FEWEST_FOLLOWERS`.
        is_buyer: bool[n], whether the account follows in a flagged block.
        null_score: the largest score that the same search finds in rewired networks, 0 where it finds no
            block; NaN where nothing was found that had to be compared.
    """

    blocks: list[FollowBlock]
    others: list[FollowBlock]
    share: FloatArray
    is_buyer: NDArray[np.bool_]
    null_score: float = np.nan


def follow_blocks(
    graph: FollowerGraph,
    *,
    n_best: int = N_BEST,
    n_drawn: int | None = None,
    n_rewired: int = N_REWIRED,
    seed: int = 0,
) -> Lockstep:
    """Find the blocks of a network.

    Starts are grown one by one (`fit_block`) and dropped as soon as they lead to a block already known. What
    is too uneven is split along what its sides leave unexplained, and both halves are grown again: two
    sellers whose buyers have the same habits look like one uneven block. What is found and no block is
    searched by itself (`look_inside`). Where follows have times, those that came in bursts are searched as
    well: orders are delivered, and neither habits nor what is followed for show comes in bursts.

    Whatever is flagged is compared with what the same search finds in networks in which everybody follows
    and is followed as much, but whom is dealt out anew.

    Args:
        graph: follows, n accounts.
        n_best: starts that are most followed together with others.
        n_drawn: starts drawn at random; by the size of the network, if not given.
        n_rewired: networks dealt out anew that flagged blocks are compared with.
        seed: of everything drawn.
    """
    judge = _Judge(graph, seed)
    search = _Search(judge.by_row, judge.by_column, judge)
    if n_drawn is None:
        n_drawn = min(max(N_DRAWN, judge.by_column.n_rows // ONE_IN), MOST_DRAWN)
    search.run(n_best, n_drawn, seed)
    searched = np.zeros(graph.n_accounts, dtype=bool)
    for rows, columns in sorted(search.natural, key=lambda each: -each[1].nodes.size):
        if searched[columns.nodes].mean() < _LEADS_BACK:
            look_inside(judge, rows, columns, min(n_drawn, N_DRAWN_INSIDE), seed)
            searched[columns.nodes] = True
    bursts = burst_graph(graph)
    if bursts is not None:
        _Search(*sides(bursts, graph), judge).run(n_best, n_drawn, seed)
    judge.divide()
    null_score = float("nan")
    if n_rewired and any(block.is_flagged for block in judge.found):
        null_score = max(
            _best_score(rewired(graph, seed + number), n_best, n_drawn, seed) for number in range(n_rewired)
        )
    return _result(graph, judge.found, null_score)


def rewired(graph: FollowerGraph, seed: int) -> FollowerGraph:
    """A network in which everybody follows and is followed as much as here, and whom is dealt out anew.

    Follows that are dealt to one pair twice, or to oneself, are dealt out among themselves a few times more;
    what is still left over is dropped, a few in ten thousand.
    """
    rng = np.random.default_rng(seed)
    follower = np.repeat(np.arange(graph.n_accounts), graph.following_counts)
    followee = rng.permutation(np.asarray(graph.following).astype(np.int64))
    for _ in range(_DEALS):
        key = follower * graph.n_accounts + followee
        order = np.argsort(key, kind="stable")
        is_again = np.zeros(key.size, dtype=bool)
        is_again[order[1:]] = key[order[1:]] == key[order[:-1]]
        bad = np.flatnonzero(is_again | (follower == followee))
        if not bad.size:
            break
        # each is swapped with a follow drawn from all, so that no degree changes
        for_swap = np.setdiff1d(rng.choice(key.size, min(2 * bad.size, key.size), replace=False), bad)[
            : bad.size
        ]
        bad = bad[: for_swap.size]
        followee[bad], followee[for_swap] = followee[for_swap], followee[bad]
    return build_follower_graph(graph.n_accounts, follower, followee)[0]


def _best_score(graph: FollowerGraph, n_best: int, n_drawn: int, seed: int) -> float:
    found = follow_blocks(graph, n_best=n_best, n_drawn=n_drawn, n_rewired=0, seed=seed)
    return max((block.score for block in (*found.blocks, *found.others)), default=0.0)


def look_inside(judge: _Judge, rows: Part, columns: Part, n_drawn: int, seed: int) -> None:
    """Search a community as if it were the whole network.

    What is ordered inside a community is lost in it: degrees of the whole network explain neither. Degrees
    within it explain the community, and what was ordered is left.
    """
    if rows.nodes.size < FEWEST_INSIDE or columns.nodes.size < FEWEST_INSIDE:
        return
    nodes = np.union1d(rows.nodes, columns.nodes)
    place, column = block_follows(judge.by_row, rows.nodes, columns.nodes)
    graph = build_follower_graph(
        nodes.size,
        np.searchsorted(nodes, rows.nodes)[place],
        np.searchsorted(nodes, columns.nodes)[column],
    )[0]
    _Search(*sides(graph), judge, nodes).run(0, n_drawn, seed)


class _Search:
    """What is known while blocks are looked for, in the network or inside one community of it.

    Attributes:
        natural: what was found and is no block.
    """

    def __init__(
        self, by_row: Side, by_column: Side, judge: _Judge, nodes: NDArray[np.int64] | None = None
    ) -> None:
        self.by_row, self.by_column, self.judge, self.nodes = by_row, by_column, judge, nodes
        self.weights = row_weights(self.by_row)
        squares = np.square(self.by_row.degrees)
        self.rates = [float((weight * squares).sum()) / self.by_row.total**2 for weight in self.weights]
        self.known: list[tuple[Part, Part]] = []
        self.natural: list[tuple[Part, Part]] = []
        self.columns_known: list[NDArray[np.bool_]] = []
        self.is_customer = np.zeros(by_row.degrees.size, dtype=bool)

    def run(self, n_best: int, n_drawn: int, seed: int) -> None:
        """Grow all starts."""
        for node in starting_points(
            self.by_row, self.by_column, self.weights[0], self.rates[0], n_best, n_drawn, seed
        ).tolist():
            if self.is_customer[node]:
                continue
            for weight, rate in zip(self.weights, self.rates, strict=True):
                self.grow(partners(self.by_row, self.by_column, node, weight, rate))

    def grow(self, columns: IntegerArray) -> None:
        """Grow one start; keep what it leads to, if that is new."""
        if columns.size < FEWEST_CUSTOMERS or self._leads_back(columns):
            return
        last = None
        for turn, (rows, found) in enumerate(fit_block(self.by_row, self.by_column, columns)):
            if turn >= _FIRST_COMPARED and any(_is_alike(rows, found, *known) for known in self.known):
                return
            last = rows, found
        if last is None or last[0].nodes.size < FEWEST_BUYERS or last[1].nodes.size < FEWEST_CUSTOMERS:
            return
        self.known.append(last)
        mask = np.zeros(self.is_customer.size, dtype=bool)
        mask[last[1].nodes] = True
        self.columns_known.append(mask)
        if self._is_flagged(*(_renamed(part, self.nodes) for part in last)):
            self.is_customer[last[1].nodes] = True
        else:
            self.natural.append(last)

    def _is_flagged(self, rows: Part, columns: Part) -> bool:
        """Judge what was found; inside a community also as it goes on in the whole network."""
        if self.nodes is None:
            return self.judge.judge(rows, columns)
        is_flagged = self.judge.judge(rows, columns, MARGIN_INSIDE)
        by_row, by_column = self.judge.by_row, self.judge.by_column
        for _ in range(_TURNS_APART):
            more_rows = join_part(by_row, by_column, columns, rows)
            more_columns = None if more_rows is None else join_part(by_column, by_row, more_rows, columns)
            if more_rows is None or more_columns is None:
                return is_flagged
            rows, columns = more_rows, more_columns
        if rows.nodes.size < FEWEST_BUYERS or columns.nodes.size < FEWEST_CUSTOMERS:
            return is_flagged
        return self.judge.judge(rows, columns, MARGIN_INSIDE) or is_flagged

    def _leads_back(self, columns: IntegerArray) -> bool:
        """Whether nearly all of a start lies in one block that was looked at already."""
        return any(mask[columns].mean() >= _LEADS_BACK for mask in self.columns_known)


def _renamed(part: Part, nodes: NDArray[np.int64] | None) -> Part:
    return part if nodes is None else Part(nodes[part.nodes], part.hits, part.ordered, part.surprise)


class _Judge:
    """Measures blocks against the whole network, and keeps them."""

    def __init__(self, graph: FollowerGraph, seed: int) -> None:
        self.graph = graph
        self.by_row, self.by_column = sides(graph)
        self.rng = np.random.default_rng(seed)
        self.found: list[FollowBlock] = []
        self.groups: list[tuple[Part, float]] = []

    def judge(self, rows: Part, columns: Part, margin: float = 1.0) -> bool:
        """Measure a block; keep it, and what it falls into where it is several in one; say if flagged."""
        block, groups = _measured(self.graph, self.by_row, self.by_column, rows, columns, self.rng, margin)
        if block is None:
            return False
        self.found.append(block)
        self.groups.extend((group, margin) for group in groups)
        return block.is_flagged

    def divide(self) -> None:
        """Take the uneven blocks apart, as long as their parts are large enough to be blocks."""
        for _ in range(_SPLITS):
            if not self.groups:
                return
            rows, margin = self.groups.pop(0)
            group, columns = rows.nodes, None
            for _ in range(_TURNS_APART):
                columns = join_part(self.by_column, self.by_row, rows, columns)
                joined = None if columns is None else join_part(self.by_row, self.by_column, columns, rows)
                if columns is None or joined is None:
                    break
                rows = _only(joined, group)
                if rows.nodes.size < FEWEST_BUYERS or columns.nodes.size < FEWEST_CUSTOMERS:
                    break
            else:
                self.judge(rows, columns, margin)


def _is_alike(rows: Part, columns: Part, known_rows: Part, known_columns: Part) -> bool:
    return _are_alike(columns.nodes, known_columns.nodes) and _are_alike(rows.nodes, known_rows.nodes)


def _are_alike(first: IntegerArray, second: IntegerArray) -> bool:
    """Whether accounts in both ÷ accounts in either exceed `_ALIKE`; sizes alone rule most pairs out."""
    if min(first.size, second.size) <= _ALIKE * max(first.size, second.size):
        return False
    both = count_shared(first, second)
    return both > _ALIKE * (first.size + second.size - both)


def _measured(
    graph: FollowerGraph,
    by_row: Side,
    by_column: Side,
    rows: Part,
    columns: Part,
    rng: np.random.Generator,
    margin: float,
) -> tuple[FollowBlock | None, list[Part]]:
    """The block as it is reported, and where to look again if it is several in one.

    Its figures must be `margin` times their bars.
    """
    customers, bought = _customers(by_row, by_column, rows.nodes, columns.nodes)
    if customers.size < FEWEST_CUSTOMERS:
        return None, []
    place, column = block_follows(by_row, rows.nodes, customers)
    per_row = np.bincount(place, minlength=rows.nodes.size)
    # a fan club of three is not made four by an account that a few of them follow as well
    per_column = np.bincount(column, minlength=customers.size).astype(float)
    if np.square(per_column.sum()) < (FEWEST_CUSTOMERS - 0.5) * np.square(per_column).sum():
        return None, []
    overlap = np.intersect1d(rows.nodes, customers).size / min(rows.nodes.size, customers.size)
    contrast = place.size / float(by_column.degrees[customers].sum())
    devotion = place.size / float(by_row.degrees[rows.nodes].sum())
    answered = _answered(graph, by_row, rows.nodes[place], customers[column], rows.nodes, customers)
    structure, groups = float("nan"), []
    surprise = float(rows.surprise.sum())
    evidence = place.size / np.sqrt(rows.nodes.size * customers.size)
    figures = (
        surprise / margin, evidence / margin, contrast / margin, devotion / margin, overlap * margin,
        answered * margin,
    )  # fmt: skip
    if _score(*figures, structure) >= 1.0:
        structure, lean = evenness(place, column, rows.nodes.size, customers.size, rng)
        if structure > MOST_STRUCTURE:
            groups = _groups(rows, place, column, lean)
    block = FollowBlock(
        buyers=rows.nodes[per_row > 0].astype(np.uint32),
        customers=customers.astype(np.uint32),
        bought=bought,
        follows=int(place.size),
        expected=_expected(by_row, by_column, rows.nodes, customers, place.size),
        density=place.size / (rows.nodes.size * customers.size),
        contrast=contrast,
        devotion=devotion,
        structure=structure,
        overlap=overlap,
        answered=answered,
        surprise=surprise,
        score=_score(*figures, structure * (EVENNESS_INSIDE if margin > 1.0 else 1.0)),
    )
    return block, groups


def _expected(
    by_row: Side, by_column: Side, buyers: IntegerArray, customers: IntegerArray, follows: int
) -> float:
    """Follows between both sides that the degrees they have elsewhere would bring about."""
    elsewhere = (
        float(by_row.degrees[buyers].sum()) - follows,
        float(by_column.degrees[customers].sum()) - follows,
    )
    return elsewhere[0] * elsewhere[1] / max(by_row.total - follows, 1.0)


def _customers(
    by_row: Side, by_column: Side, buyers: IntegerArray, columns: IntegerArray
) -> tuple[NDArray[np.int64], FloatArray]:
    """The columns that buyers follow more than accounts of the same size, and the buyers' share of each.

    Sold followers follow celebrities as well, so that they look like anybody. What is usual is the median of
    buyers ÷ other followers, over accounts of the same power of two of other followers or over those just
    larger, whichever is more.
    """
    nodes, hits, _ = count_hits(by_row, buyers, np.zeros(buyers.size))
    every = np.zeros(by_column.degrees.size)
    every[nodes] = hits
    others = by_column.degrees - every
    odds = every / np.maximum(others, 1.0)
    tier = np.log2(np.maximum(others, 1.0)).astype(np.int64)
    followed = by_column.degrees > 0
    tiers, own = np.unique(tier[columns], return_inverse=True)
    usual = np.array([np.median(odds[followed & (tier == each)]) for each in tiers.tolist()])
    usual = np.maximum(usual[own], _usual_of_the_larger(others, odds, followed, columns))
    share = every[columns] / np.maximum(by_column.degrees[columns], 1.0)
    keep = (share >= LEAST_SHARE) & (odds[columns] >= TIMES_USUAL * usual)
    return columns[keep], share[keep]


def _usual_of_the_larger(
    others: FloatArray, odds: FloatArray, followed: NDArray[np.bool_], columns: IntegerArray
) -> FloatArray:
    """Median odds of the `NEXT_LARGER` accounts just larger than each column, float64[columns].

    The largest accounts of all have few above them: they are compared with as many below, so that nobody
    stands alone.
    """
    nodes = np.flatnonzero(followed)
    order = nodes[np.argsort(-others[nodes], kind="stable")]
    place = np.zeros(others.size, dtype=np.int64)
    place[order] = np.arange(order.size)
    first = np.maximum(place[columns] - NEXT_LARGER, 0)
    around = first[:, None] + np.arange(NEXT_LARGER + 1)
    known = (around < order.size) & (around != place[columns][:, None])
    found = np.where(known, odds[order[np.minimum(around, order.size - 1)]], np.nan)
    return np.nan_to_num(
        np.nanmedian(np.column_stack((found, np.where(known.any(axis=1), np.nan, 0.0))), axis=1)
    )


def block_follows(
    by_row: Side, buyers: IntegerArray, customers: IntegerArray
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Follows inside a block as positions among the buyers and among the (sorted) customers."""
    position, entry = take_rows(by_row.offsets, by_row.entries, buyers)
    column = np.minimum(np.searchsorted(customers, entry), max(customers.size - 1, 0))
    inside = customers[column] == entry if customers.size else np.zeros(entry.size, dtype=bool)
    return position[inside], column[inside]


def _answered(
    graph: FollowerGraph,
    by_row: Side,
    follower: IntegerArray,
    followee: IntegerArray,
    buyers: IntegerArray,
    customers: IntegerArray,
) -> float:
    """Share of the block's follows that go back."""
    if not follower.size:
        return 0.0
    place, column = block_follows(by_row, customers, buyers)
    back = buyers[column].astype(np.int64) * graph.n_accounts + customers[place]
    return float(np.isin(follower.astype(np.int64) * graph.n_accounts + followee, back).mean())


def evenness(
    place: IntegerArray, column: IntegerArray, n_rows: int, n_columns: int, rng: np.random.Generator
) -> tuple[float, FloatArray]:
    """How much of a block its margins leave unexplained, against chance, and along which columns.

    With rates a_i for rows and b_j for columns, fitted to both margins, a follow is independent of all others
    with the chance ``1 - exp(-a_i · b_j)``. What is left over, each cell divided by the regularised size of
    its row and column, has a leading singular value; so have tables drawn from those chances. An even block
    stays at or below the upper end of theirs (mean and two standard deviations), however busy its rows and
    popular its columns are.

    Args:
        place: row of each follow.
        column: column of each follow.
        n_rows: rows.
        n_columns: columns.
        rng: of the sample of large blocks, and of the drawn tables.

    Returns:
        The ratio, and the leading direction, float64[n_columns], 0 for columns outside the sample.
    """
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
    observed, direction = _leading(table, chance)
    drawn = [_leading(rng.random(chance.shape) < chance, chance)[0] for _ in range(_DRAWS)]
    lean = np.zeros(n_columns)
    lean[columns] = direction
    usual = float(np.mean(drawn) + 2.0 * np.std(drawn, ddof=1))
    return (observed / usual if usual > 0 else 1.0), lean


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


def _leading(table: NDArray[np.bool_], chance: FloatArray) -> tuple[float, FloatArray]:
    """Leading singular value and right direction of the scaled remainder."""
    per_row, per_column = chance.sum(axis=1), chance.sum(axis=0)
    scale_row = 1.0 / np.sqrt(per_row + per_row.mean())
    scale_column = 1.0 / np.sqrt(per_column + per_column.mean())
    left = (table - chance) * scale_row[:, None] * scale_column
    values, vectors = np.linalg.eigh(left.T @ left)
    return float(np.sqrt(max(values[-1], 0.0))), vectors[:, -1]


def _groups(rows: Part, place: IntegerArray, column: IntegerArray, lean: FloatArray) -> list[Part]:
    """The rows on either side of the direction along which most is left unexplained."""
    size = rows.nodes.size
    per_row, per_column = np.bincount(place, minlength=size), np.bincount(column, minlength=lean.size)
    along = lean / np.sqrt(per_column + per_column.mean())
    expected = per_row * float((per_column * along).sum()) / max(place.size, 1)
    side = np.bincount(place, weights=along[column], minlength=size) > expected
    groups = [_only(rows, rows.nodes[part]) for part in (side, ~side)]
    return [group for group in groups if group.nodes.size >= FEWEST_BUYERS]


def _only(part: Part, nodes: IntegerArray) -> Part:
    """Those of a part that are among some nodes."""
    keep = np.isin(part.nodes, nodes, assume_unique=True)
    return Part(part.nodes[keep], part.hits[keep], part.ordered[keep], part.surprise[keep])


def _score(
    surprise: float,
    evidence: float,
    contrast: float,
    devotion: float,
    overlap: float,
    answered: float,
    structure: float,
) -> float:
    """The weakest of the block's figures, each ÷ its bar: 1 and more passes them all."""
    return min(
        surprise / LEAST_SURPRISE,
        evidence / LEAST_EVIDENCE,
        contrast / LEAST_CONTRAST,
        devotion / LEAST_DEVOTION,
        MOST_OVERLAP / max(overlap, 0.01),
        MOST_ANSWERED / max(answered, 0.01),
        np.inf if np.isnan(structure) else (MOST_STRUCTURE / structure) ** 4,
    )


def _result(graph: FollowerGraph, found: list[FollowBlock], null_score: float) -> Lockstep:
    kept: list[FollowBlock] = []
    for block in sorted(found, key=lambda each: (-each.surprise, each.customers.tolist())):
        if not block.is_flagged or block.score <= null_score:
            continue
        same = [other for other in kept if _is_inside(block, other)]
        if all(block.contrast > CLEARER * other.contrast for other in same):
            kept = [other for other in kept if all(other is not each for each in same)]
            kept.append(block)
    kept.sort(key=lambda each: (-each.score, each.customers.tolist()))
    buyers = np.zeros(graph.n_accounts, dtype=bool)
    sent = np.zeros(graph.n_accounts)
    if kept:
        nodes = np.concatenate([block.customers for block in kept])
        followers = np.concatenate([block.buyers for block in kept])
        buyers[followers] = True
        for node in np.unique(nodes).tolist():
            in_blocks = np.concatenate([block.buyers for block in kept if node in block.customers])
            sent[node] = np.isin(graph.followers_of(node), in_blocks).sum()
    counts = graph.follower_counts
    share = np.where(counts < FEWEST_FOLLOWERS, np.nan, sent / np.maximum(counts, 1))
    others = [block for block in found if not block.is_flagged]
    others.sort(key=lambda each: (-each.score, each.customers.tolist()))
    return Lockstep(kept, others, share, buyers, null_score)


def _is_inside(block: FollowBlock, other: FollowBlock) -> bool:
    buyers = np.intersect1d(block.buyers, other.buyers).size / min(block.buyers.size, other.buyers.size)
    customers = np.intersect1d(block.customers, other.customers).size
    return buyers > _ALIKE and customers / min(block.customers.size, other.customers.size) > _ALIKE
