"""The part of the evaluation on lockstep: planted blocks, hard ones, and what is flagged where none is."""

from __future__ import annotations

import json
from collections import defaultdict

import numpy as np

from graph.lockstep.finding_again import LEAST_AGAIN
from graph.lockstep.search import follow_blocks
from graph.network.followers import build_follower_graph
from tests.benchmarks.evaluation.parts import Bar, Part, table
from tests.benchmarks.lockstep.grid import (
    EDGE,
    HARD_BAR,
    SEEDS,
    Case,
    edge_cases,
    fill,
    hard_cases,
    kept,
    plain_cases,
)
from tests.benchmarks.lockstep.picture import picture
from tests.benchmarks.lockstep.planting import PACES, plant, read_base
from tests.benchmarks.lockstep.words import COULD_NOT, HARD_WORDS, METHOD, PACE_WORDS, TRIED
from tests.benchmarks.lockstep_harm import nostr, twitter

PICTURE = "lockstep-f1.svg"
POPULAR = 100
MOST_FLAGGED = 0.01
BARS = {(200, 200): (0.95, 0.95), (200, 50): (0.95, 0.95), (1_000, 20): (0.97, 0.83)}
"""Customers' and buyers' F1 that every cell must reach, from the density in `EDGE` on."""
SHARE_BARS = {False: 0.05, True: 0.2}
HARD_BARS = {False: 0.8, True: 0.85}
UNTOUCHED_FILE = "lockstep-untouched.json"


def measure(options):
    """Fill what is missing, and put the page together from all that is kept."""
    if options.data is None:
        return Part("Lockstep", "- Not measured: the public data sets are not here.", "Nothing was measured.")
    timed = [case for pace in PACES for case in hard_cases(pace)]
    seeds = SEEDS if options.seeds is None else options.seeds
    fill([*edge_cases(), *hard_cases(), *plain_cases(), *timed], seeds, options.data, options.keep)
    cells = _cells(options.keep)
    untouched = _kept(options, untouched_networks)
    return Part(
        title="Lockstep: bought blocks among natural communities",
        in_short=_in_short(cells, untouched),
        body=_body(cells, untouched),
        bars=_bars(cells, untouched),
        pictures={PICTURE: picture(cells)},
    )


def _cells(keep):
    """Case to the mean of each figure over seeds, with how many seeds there are, and how many of FRAUDAR."""
    rows = defaultdict(list)
    for case, _, row in kept(keep):
        rows[case].append(row)
    return {
        case: {
            "seeds": len(runs),
            "fraudar seeds": sum("fraudar buyers" in run for run in runs),
            **{
                name: float(np.mean([run[name] for run in runs if name in run]))
                for name in sorted({name for run in runs for name in run})
            },
        }
        for case, runs in rows.items()
    }


def untouched_networks(options):
    """What is flagged where nothing was planted, and a planted block beside the rewired networks."""
    graphs = {}
    for name in ("wiki-vote", "wiki-vote-reversed", "epinions", "epinions-reversed"):
        base = read_base(name, options.data)
        graphs[name] = build_follower_graph(base.n_accounts, base.follower, base.followee)[0]
    graphs |= {
        name: graph
        for name, graph in (("twitter-datascience", twitter(options.data)), ("nostr", nostr(options.data)))
        if graph is not None
    }
    rows = [
        {
            "graph": name,
            "accounts": graph.n_accounts,
            "popular": int((graph.follower_counts > POPULAR).sum()),
            "seeds": [_untouched(graph, seed) for seed in range(options.seed, options.seed + SEEDS)],
        }
        for name, graph in graphs.items()
    ]
    null = []
    for name in ("wiki-vote", "wiki-vote-reversed"):
        planted = plant(read_base(name, options.data), 200, 200, 0.1, seed=options.seed)
        lock = follow_blocks(planted.graph, seed=options.seed)
        null.append([name, max((block.score for block in lock.blocks), default=0.0), lock.null_score])
    return {"networks": rows, "null": null}


def _untouched(graph, seed):
    """What one search of an untouched network flags."""
    lock = follow_blocks(graph, seed=seed)
    popular = graph.follower_counts > POPULAR
    return {
        "flagged": int((np.nan_to_num(lock.share) > 0)[popular].sum()),
        "buyers": int(lock.is_buyer[popular].sum()),
        "looked at": len(lock.blocks) + len(lock.others),
        "not again": sum(bool(block.again < LEAST_AGAIN) for block in lock.others),
        "best left": max((block.score for block in lock.others), default=0.0),
        "blocks": [{"seed": seed, **_figures(block)} for block in lock.blocks],
    }


def _figures(block):
    return {
        "buyers": int(block.buyers.size),
        "customers": int(block.customers.size),
        **{
            name: float(getattr(block, name))
            for name in (
                "follows",
                "expected",
                "density",
                "contrast",
                "devotion",
                "structure",
                "again",
                "score",
            )
        },
    }


def _kept(options, make):
    """What `make` measures, from the folder if it was measured before."""
    file = None if options.keep is None else options.keep / UNTOUCHED_FILE
    if file is not None and file.exists():
        return json.loads(file.read_text(encoding="utf-8"))
    made = make(options)
    if file is not None:
        file.write_text(json.dumps(made), encoding="utf-8")
    return made


def _barred(cells, shape):
    """Cells of a shape for which there is a bar."""
    return {
        case: cell
        for case, cell in cells.items()
        if case in _PLAIN and (case.n_buyers, case.n_customers) == shape and case.density >= EDGE[shape]
    }


_PLAIN = frozenset(plain_cases())


def _name(case):
    return f"{case.graph}, {case.camouflage}, {case.density:g}"


def _worst(cells, figure, *, highest=False):
    """The worst mean of a figure, and where."""
    case = (max if highest else min)(cells, key=lambda each: cells[each][figure])
    return cells[case][figure], case


def _bars(cells, untouched):
    bars = [_shape_bar(cells, shape, side) for shape in BARS for side in (0, 1)]
    every = {case: cell for shape in BARS for case, cell in _barred(cells, shape).items()}
    for hijacked, bar in SHARE_BARS.items():
        some = {case: cell for case, cell in every.items() if (case.camouflage == "hijacked") == hijacked}
        bars.append(_share_bar(some, bar, "hijacked buyers" if hijacked else "new buyers"))
    missed = [case for case, cell in every.items() if cell["found"] < 1 or cell["natural"] > 0]
    runs = sum(cell["seeds"] for cell in every.values())
    n_every = sum(len(_barred(dict.fromkeys(_PLAIN), shape)) for shape in BARS)
    bars.append(
        Bar(
            "the blocks above",
            "the planted block is flagged and nothing natural is",
            f"so in {len(every) - len(missed)} of {len(every)} measured cells of {n_every} ({runs} runs)",
            _holds(not missed, len(every), n_every),
        )
    )
    bars += [_hard_bar(cells, timed=timed) for timed in (False, True)]
    for row in untouched["networks"]:
        flagged = [run["flagged"] for run in row["seeds"]]
        bars.append(
            Bar(
                f"{row['graph']}, untouched",
                f"at most 1 % of the accounts over {POPULAR} followers flagged, whatever the seed",
                f"{max(flagged)} of {row['popular']:,} at worst, {np.mean(flagged):.1f} on average "
                f"({len(flagged)} seeds)",
                max(flagged) <= MOST_FLAGGED * row["popular"],
            )
        )
    return bars


def _shape_bar(cells, shape, side):
    some, bar = _barred(cells, shape), BARS[shape][side]
    name = ("customers", "buyers")[side]
    what = f"{shape[0]:,} × {shape[1]}, density ≥ {EDGE[shape]:g}: {name}"
    words = f"mean F1 ≥ {bar} everywhere"
    if not some:
        return Bar(what, words, "–", None)
    worst, where = _worst(some, name)
    n_cells = len(_barred(dict.fromkeys(_PLAIN), shape))
    reached = f"{worst:.3f} at worst ({_name(where)}; {len(some)} of {n_cells} cells)"
    return Bar(what, words, reached, _holds(worst >= bar, len(some), n_cells))


def _holds(is_good, measured, n_cells):
    """Whether a bar holds: one missed cell breaks it, and it holds once every cell was measured."""
    return (None if measured < n_cells else True) if is_good else False


def _share_bar(some, bar, who):
    what, words = f"{who}: estimated share of bought followers", f"off by at most {bar} on average"
    if not some:
        return Bar(what, words, "–", None)
    worst, where = _worst(some, "share", highest=True)
    n_cells = sum(
        (case.camouflage == "hijacked") == (who == "hijacked buyers")
        for shape in BARS
        for case in _barred(dict.fromkeys(_PLAIN), shape)
    )
    reached = f"{worst:.3f} at worst ({_name(where)}; {len(some)} of {n_cells} cells)"
    return Bar(what, words, reached, _holds(worst <= bar, len(some), n_cells))


def _hard_bar(cells, *, timed):
    some = {
        case: cell
        for case, cell in cells.items()
        if case not in _PLAIN and case.density >= HARD_BAR and bool(case.pace) == timed
    }
    what = f"the hard ones at density {HARD_BAR:g}, {'with' if timed else 'without'} follow times: customers"
    words = f"mean F1 ≥ {HARD_BARS[timed]} everywhere"
    if not some:
        return Bar(what, words, "–", None)
    worst, where = _worst(some, "customers")
    good = sum(cell["customers"] >= HARD_BARS[timed] for cell in some.values())
    n_cells = len(hard_cases()) // 2 * (len(PACES) if timed else 1)
    size = f"{where.n_buyers:,} × {where.n_customers}"
    reached = (
        f"{worst:.2f} at worst ({where.graph}, {size}, {_kind(where)}); {good} of {len(some)} measured cells "
        f"of {n_cells}"
    )
    return Bar(what, words, reached, _holds(good == len(some), len(some), n_cells))


def _kind(case):
    told = HARD_WORDS[case.place, case.camouflage, case.law, case.times]
    return f"{told}, {PACE_WORDS[case.pace]}" if case.pace else told


def _in_short(cells, untouched):
    every = {case: cell for shape in BARS for case, cell in _barred(cells, shape).items()}
    fraudar = [cell["fraudar customers"] for cell in every.values() if "fraudar customers" in cell]
    flagged = sum(max(run["flagged"] for run in row["seeds"]) for row in untouched["networks"])
    popular = sum(row["popular"] for row in untouched["networks"])
    harm = (
        f"- On untouched networks {flagged} of {popular:,} accounts over {POPULAR} followers are flagged "
        "with the worst of several seeds."
    )
    return "\n".join(
        [
            "- Bought blocks are planted in real graphs and looked for by all that is flagged, with FRAUDAR "
            "beside it. "
            + (
                f"Over the cells with a bar the customers' F1 is {_mean(every, 'customers'):.3f} on average, "
                f"the buyers' {_mean(every, 'buyers'):.3f}; FRAUDAR's customers {np.mean(fraudar):.2f}."
                if every and fraudar
                else "Nothing was measured yet."
            ),
            harm,
        ]
    )


def _mean(cells, figure):
    return float(np.mean([cell[figure] for cell in cells.values()]))


def _body(cells, untouched):
    plain = {case: cell for case, cell in cells.items() if case in _PLAIN}
    hard = {case: cell for case, cell in cells.items() if case not in _PLAIN and not case.pace}
    timed = {case: cell for case, cell in cells.items() if case.pace}
    return "\n\n".join(
        [
            METHOD,
            f"![F1 against density]({PICTURE})",
            "## Planted blocks\n\n" + _coverage(plain, len(_PLAIN)),
            _table(plain, "camouflage", lambda case: case.camouflage),
            "## The hard ones\n\nWithout follow times. " + _coverage(hard, len(hard_cases())),
            _table(hard, "kind", _kind),
            "With follow times. " + _coverage(timed, len(PACES) * len(hard_cases())),
            _table(timed, "kind", _kind),
            "## Do no harm",
            _harm(untouched),
            TRIED,
            COULD_NOT,
        ]
    )


def _coverage(cells, n_cells):
    seeds = [cell["seeds"] for cell in cells.values()]
    if not seeds:
        return f"None of the {n_cells} cells is measured yet."
    return (
        f"{len(cells)} of the {n_cells} cells are measured here, with {min(seeds)} to {max(seeds)} seeds "
        f"each ({sum(seeds):,} runs); `python -m tests.benchmarks.lockstep --keep FOLDER` makes the rest."
    )


def _table(cells, head, kind):
    order = sorted(cells, key=_order)
    return table(
        (
            "graph", "buyers × customers", head, "density", "seeds", "buyers", "customers", "share off by",
            "flagged", "natural flagged", "FRAUDAR buyers", "FRAUDAR customers", "its seeds",
        ),
        (
            (
                case.graph, f"{case.n_buyers:,} × {case.n_customers}", kind(case), f"{case.density:g}",
                cell["seeds"], f"{cell['buyers']:.2f}", f"{cell['customers']:.2f}", f"{cell['share']:.2f}",
                f"{cell['found']:.0%}", f"{cell['natural'] * cell['seeds']:.0f}",
                *(f"{cell[name]:.2f}" if name in cell else "–"
                  for name in ("fraudar buyers", "fraudar customers")),
                cell["fraudar seeds"],
            )
            for case, cell in ((case, cells[case]) for case in order)
        ),
    )  # fmt: skip


def _order(case: Case):
    return (
        case.graph,
        -case.n_customers,
        case.place,
        case.camouflage,
        case.law,
        case.times,
        case.pace,
        -case.density,
    )


def _harm(untouched):
    rows = untouched["networks"]
    pieces = [
        (
            "Each network is searched with so many seeds of whatever is drawn. Not found again: groups that "
            "pass every other bar, and grow into something else from halves of their columns."
        ),
        table(
            (
                "network", "accounts", f"over {POPULAR} followers", "seeds", "flagged at worst", "on average",
                "follow in a flagged block at worst", "looked at, on average", "not found again, on average",
                "best score left",
            ),
            (
                (
                    row["graph"], f"{row['accounts']:,}", f"{row['popular']:,}", len(row["seeds"]),
                    max(_each(row, "flagged")),
                    f"{np.mean(_each(row, 'flagged')):.1f}", max(_each(row, "buyers")),
                    f"{np.mean(_each(row, 'looked at')):.0f}", f"{np.mean(_each(row, 'not again')):.1f}",
                    f"{max(_each(row, 'best left')):.2f}",
                )
                for row in rows
            ),
        ),
    ]  # fmt: skip
    blocks = [(row["graph"], block) for row in rows for run in row["seeds"] for block in run["blocks"]]
    if blocks:
        pieces.append("Every group flagged, and why: what it scores and what that rests on.")
        names = ("follows", "expected", "density", "contrast", "devotion", "structure", "again", "score")
        pieces.append(
            table(
                ("network", "seed", "buyers", "customers", *names),
                (
                    (
                        graph,
                        block["seed"],
                        block["buyers"],
                        block["customers"],
                        *(f"{block[name]:.3g}" for name in names),
                    )
                    for graph, block in blocks
                ),
            )
        )
    else:
        pieces.append("No group is flagged in any of them, with any seed.")
    pieces.append(
        "Against rewired networks: the score of a planted block (200 × 200, density 0.1, 1 and more is "
        "flagged), and the largest that the same search finds in a network in which everybody "
        "follows and is followed as much, and whom is dealt out anew."
    )
    pieces.append(
        table(
            ("network", "planted block", "largest in rewired networks"),
            ((name, f"{score:.2f}", f"{null:.2f}") for name, score, null in untouched["null"]),
        )
    )
    return "\n\n".join(pieces)


def _each(row, figure):
    return [run[figure] for run in row["seeds"]]
