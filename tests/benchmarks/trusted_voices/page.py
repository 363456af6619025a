"""The page from the measurements: the tables here, the words around them in page.md.j2."""

from __future__ import annotations

import re
from pathlib import Path

import jinja2
import numpy as np
import polars as pl

from tests.benchmarks.evaluation.parts import table
from tests.benchmarks.trusted_voices.metrics import interval
from tests.benchmarks.trusted_voices.planted_voices import (
    FIRST,
    RANKINGS,
    ROOM,
    WORLDS,
    among_first,
    found,
    of_ranking,
)
from tests.benchmarks.trusted_voices.rankers import BEFORE, JOINED, OURS

BAR = 0.95
MOST_NAMED = 3
FACTORISATIONS = tuple(f"matrix factorisation (rank {rank})" for rank in (16, 32, 64))
BASELINES = (
    "follower count",
    "in-audience count",
    "lift",
    "log-odds z",
    "PageRank",
    "personalised PageRank",
    "personalised PageRank (restarts left in)",
    "SALSA (audience as hubs)",
    "SALSA (circle of trust, WTF)",
    *FACTORISATIONS,
)
SHOWN_BLIND = (
    OURS,
    "personalised PageRank",
    "in-audience count",
    "SALSA (audience as hubs)",
    *FACTORISATIONS,
)


def body(networks, missing, planted, picture):
    """The page below its title, as Markdown.

    Args:
        networks: {name: {what, accounts, follows, measured}} as `measuring.measure` gives them.
        missing: {name: why a data set was skipped}.
        planted: as `planted_voices.planted_truth` gives it, or None to leave it out.
        picture: file name of the frontier.
    """
    words = Path(__file__).with_name("page.md.j2").read_text(encoding="utf-8")
    surroundings = jinja2.Environment(  # noqa: S701 - Markdown of our own figures, not HTML
        undefined=jinja2.StrictUndefined, trim_blocks=True, keep_trailing_newline=True
    )
    template = surroundings.from_string(words)
    return template.render(
        picture=picture,
        sizes=_sizes(networks),
        missing=missing,
        split={name: _split(each["measured"]["split"]) for name, each in networks.items()},
        blind=_blind(networks),
        held_out={name: _held_out(each["measured"]["held out"]) for name, each in networks.items()},
        planted=planted and _planted(planted),
        worlds="seed and accounts: " + ", ".join(f"{seed} {accounts:,}" for seed, accounts in WORLDS),
        tried=_tried(networks),
        limits="\n".join(_limits(networks)),
    )


def stable_and_special(values):
    """Mean overlap and geometric mean lift of the audiences' rows."""
    return float(values[:, 0].mean()), float(np.exp(values[:, 2].mean()))


def dominates(one, other):
    """Whether one (overlap, lift) is better than another in both."""
    return one[0] > other[0] and one[1] > other[1]


def in_short(networks, planted):
    """One line per network, and one on what was planted."""
    lines = []
    for name, network in networks.items():
        split, predicted = network["measured"]["split"], network["measured"]["held out"]
        points = {ranker: stable_and_special(split[ranker]) for ranker in (OURS, *BASELINES)}
        above = [other for other in BASELINES if dominates(points[other], points[OURS])]
        below = [other for other in BASELINES if dominates(points[OURS], points[other])]
        best = [max(BASELINES, key=lambda other, k=k: predicted[other][:, k].mean()) for k in (0, 1)]
        found_best = (
            f"{predicted[other][:, k].mean():.3f} ({_short(other)})" for k, other in enumerate(best)
        )
        lines.append(
            f"- **{name}**: overlap {points[OURS][0]:.2f} at a lift of {points[OURS][1]:.1f}; dominated by "
            f"{_listed(above) or 'no baseline'}; steadier *and* more special than "
            f"{_listed(below) or 'none'}. Held-out follows: joined {_pair(predicted[JOINED])}; best baseline "
            f"{' / '.join(found_best)}."
        )
    every = of_ranking(planted["places"], "published rank")
    famous, poisoned = planted["famous"], planted["poisoned"]
    lines.append(
        f"- **Planted truth**: above {found(every).mean():.0%} of {every.height} planted voices stand at "
        "most half as many accounts of their size tier that are no trusted voices as voices are planted; "
        f"the aim is {BAR:.0%}. Celebrities and news among the first {FIRST}: "
        f"{famous['among_first'].sum()} (by count {famous['among_first_by_count'].sum()}). Shills that a "
        f"poisoned list moved into the recommended set: {poisoned['recommended_after'].sum()}."
    )
    return lines


def _sizes(networks):
    parts = ("split", "blind", "held out")
    return table(
        ("network", "what", "accounts", "follows", "audiences: " + " / ".join(parts)),
        (
            (
                name,
                each["what"],
                f"{each['accounts']:,}",
                f"{each['follows']:,}",
                " / ".join(str(len(each["measured"][part][OURS])) for part in parts),
            )
            for name, each in networks.items()
        ),
    )


def _split(rows):
    names = (OURS, BEFORE, *BASELINES)
    points = {name: stable_and_special(rows[name]) for name in names}
    lines = []
    for name in sorted(names, key=lambda name: -points[name][0]):
        values, gap = rows[name], rows[OURS] - rows[name]
        above = [other for other in names if dominates(points[other], points[name])]
        apart = ("–", "–")
        if name != OURS:
            low, high = np.exp(interval(gap[:, 2]))
            apart = (_signed(gap[:, 0]), f"{np.exp(gap[:, 2].mean()):.2f} [{low:.2f}, {high:.2f}]")
        lines.append(
            (
                name,
                _with_interval(values[:, 0]),
                _with_interval(values[:, 2], np.exp, ".1f"),
                f"{values[:, 1].mean():.3f}",
                f"{values[:, 3].mean():,.0f}",
                _counted(above),
                *apart,
            )
        )
    head = (
        "ranking",
        "overlap",
        "lift",
        "reach",
        "followers",
        "dominated by",
        "overlap: ours −",
        "lift: ours ÷",
    )
    return table(head, lines)


def _blind(networks):
    rows = []
    for name, network in networks.items():
        points = (stable_and_special(network["measured"]["blind"][shown]) for shown in SHOWN_BLIND)
        rows.append((name, *(f"{overlap:.2f} / {lift:.1f}" for overlap, lift in points)))
    return table(("network", *map(_short, SHOWN_BLIND)), rows)


def _held_out(rows):
    names = sorted((JOINED, OURS, BEFORE, *BASELINES), key=lambda name: -rows[name][:, 0].mean())
    lines = []
    for name in names:
        gap = rows[JOINED] - rows[name]
        apart = ("–", "–") if name == JOINED else (_signed(gap[:, 0]), _signed(gap[:, 1]))
        lines.append((name, _with_interval(rows[name][:, 0]), _with_interval(rows[name][:, 1]), *apart))
    return table(("ranking", "nDCG@50", "MAP", "nDCG@50: joined −", "MAP: joined −"), lines)


def _planted(planted):
    places, poisoned = planted["places"], planted["poisoned"]
    shares = []
    for ranking in RANKINGS:
        every = of_ranking(places, ranking)
        at = (found(every), among_first(every), among_first(every, 0.1), among_first(every, 0.2))
        shares.append((ranking, *(f"{cell.mean():.0%}" for cell in at)))
    shown = of_ranking(places, "published rank")
    unlisted = shown.group_by("seed", "audience").agg(pl.col("unlisted").first())["unlisted"].sum()
    beyond = shown.filter(~pl.Series(found(shown))).sort("own_share", descending=True, nulls_last=True)
    moves = ("recommended", "best_rank", "best_endorsement", "best_count")
    return {
        "shares": table(
            ("ranking", "k / 2 others above", "first 1.5 × k", "first tenth of the tier", "first fifth"),
            shares,
        ),
        "counts": f"{shown.height} planted voices; {unlisted} more are no candidates at all. Of their own "
        f"community, {_median_share(shown.filter(pl.Series(found(shown))))} follow those within the"
        " bar "
        f"(median), and {_median_share(beyond)} the others.",
        "beyond": table(
            ("seed", "audience", "home", "tier", "others", "bar", "of", "own community", "audience", "lift"),
            (
                (
                    row["seed"],
                    row["audience"],
                    row["home_community"],
                    row["size_tier"],
                    row["others_above"],
                    int(np.ceil(row["planted"] * ROOM)),
                    row["in_tier"],
                    f"{row['own_share'] or 0:.0%}",
                    f"{row['reach_share']:.0%}",
                    f"{row['lift']:.1f}",
                )
                for row in beyond.iter_rows(named=True)
            ),
        ),
        "famous": table(
            (*("seed", "audience", "candidates", "famous", "best rank"), f"in first {FIRST}",
             f"in first {FIRST} by count", "recommended"),
            planted["famous"].iter_rows(),
        ),
        "poisoned": table(
            ("audience", "fakes", "shills recommended", "best rank", "best by endorsement", "best by count",
             f"first {FIRST} unchanged"),
            (
                (
                    row["audience"],
                    f"{row['fake_share']:.0%}",
                    *(f"{row[f'{what}_before']} → {row[f'{what}_after']}" for what in moves),
                    f"{row['same_first']:.0%}",
                )
                for row in poisoned.iter_rows(named=True)
            ),
        ),
        "is_below_the_bar": found(shown).mean() < BAR,
    }  # fmt: skip


def _tried(networks):
    first = next(iter(networks.values()))["measured"]["split"]
    rows = []
    for ranker in (OURS, JOINED, *(name for name in first if name not in {*BASELINES, JOINED, OURS})):
        cells = []
        for network in networks.values():
            overlap, lift = stable_and_special(network["measured"]["split"][ranker])
            cells.append(f"{overlap:.2f} / {lift:.1f}, {_pair(network['measured']['held out'][ranker])}")
        rows.append((ranker, *cells))
    return table(("ranking", *networks), rows)


def _limits(networks):
    for name, network in networks.items():
        split, predicted = network["measured"]["split"], network["measured"]["held out"]
        ours = stable_and_special(split[OURS])
        steadier = [other for other in BASELINES if stable_and_special(split[other])[0] >= ours[0]]
        special = [other for other in BASELINES if stable_and_special(split[other])[1] >= ours[1]]
        lost = [
            f"{_short(other)} ({what} {predicted[other][:, k].mean():.3f} against "
            f"{predicted[JOINED][:, k].mean():.3f})"
            for k, what in enumerate(("nDCG@50", "MAP"))
            for other in BASELINES
            if predicted[other][:, k].mean() > predicted[JOINED][:, k].mean()
        ]
        yield (
            f"- **{name}**. Steadier than endorsement: {_listed(steadier) or 'none'}. More special: "
            f"{_listed(special) or 'none'}. Better at held-out follows than joined: "
            f"{', '.join(lost) or 'none'}."
        )


def _median_share(places):
    return f"{places['own_share'].fill_null(0).median() or 0:.0%}"


def _with_interval(values, shown=float, form=".3f"):
    low, high = interval(values)
    return f"{shown(values.mean()):{form}} [{shown(low):{form}}, {shown(high):{form}}]"


def _signed(values):
    low, high = interval(values)
    return f"{values.mean():+.3f} [{low:+.3f}, {high:+.3f}]"


def _pair(values):
    return f"{values[:, 0].mean():.3f} / {values[:, 1].mean():.3f}"


def _short(name):
    return "before" if name == BEFORE else re.sub(r"matrix factorisation \(rank (\d+)\)", r"MF \1", name)


def _listed(names):
    return ", ".join(map(_short, names))


def _counted(names):
    return _listed(names) if len(names) <= MOST_NAMED else f"{len(names)}: {_listed(names[:2])}, …"
