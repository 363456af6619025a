"""The part of the evaluation on the joined probability of bought influence."""

from __future__ import annotations

import pickle

import polars as pl

from pipelines.weights.learning import JUDGING, TEACHING, several_worlds
from tests.benchmarks.evaluation.parts import Bar, Part, table
from tests.benchmarks.shill_probability.honesty import measure_honesty
from tests.benchmarks.shill_probability.measuring import (
    added_up,
    by_kind,
    by_role,
    by_signal,
    figures,
    held_out_kinds,
    joined_accounts,
    reliability,
    shipped_table,
    shown,
)
from tests.benchmarks.shill_probability.picture import reliability_picture
from tests.benchmarks.shill_probability.worlds import POPULATIONS, SEEDS

PICTURE = "shill-probability-reliability.svg"
FIGURES = ("AUC", "Brier", "ECE", "precision of the first 100", "precision of the first 200")
BODY = """Worlds are generated with planted shills of five kinds and with innocent accounts that look like
them; the worlds that judge are never those that taught the table of weights (version {version}). An
account is judged where a brand could meet it: 20 followers or more, no part of the planted crowd of
fake, dormant and mass-following profiles. Victims of followers that they did not ask for, creators who
disclose, viral accounts and circles of friends count as innocent, so every one of them that ranks high
is an error. Intervals draw worlds with replacement (95 %).

## Calibration

{reliability}

![Predicted probability and the share that are planted shills]({picture})

The probability is compared at the share of shills that these worlds have ({share:.1%}); a run assumes 8
%.

## How kinds of money are joined

{ways}

## By kind of shill

Status at the operating point of a run: *avoid* where even the lower bound of the probability reaches 50
%, *watch* where the upper bound reaches 25 %.

{kinds}

## Kinds that the table has never seen

The table is learned anew without one kind of shill and judged on that kind: what a new kind of attack
would meet.

{held_out}

## The innocent

{roles}

## Signal by signal

A signal fires where its own weight speaks for bought influence at three to one or more. Recall is on
the kinds of shill whose doing it is made to see; precision on everybody; victims are the bombed
accounts it fires on.

{signals}

## Other populations

{populations}

## Honesty

{pairs:,} creators with random posts, in two whole runs that differ only in what the paid posts say: with the
disclosure and without it.

{honesty}
"""


def measure(options):
    """Measure the shipped table on unseen worlds, other populations, held-out kinds, and honest pairs."""
    print("  worlds ...", flush=True)
    judging = several_worlds(JUDGING, options.keep)
    accounts = joined_accounts(judging)
    print("  held-out kinds ...", flush=True)
    teaching = several_worlds(TEACHING, options.keep)
    unseen = held_out_kinds(teaching, judging)
    ways = {
        "one kind is enough (shipped)": accounts,
        "added up over kinds": added_up(teaching, judging),
    }
    populations = {}
    for number, (name, make) in enumerate(POPULATIONS.items()):
        print(f"  {name} ...", flush=True)
        world = several_worlds(SEEDS, options.keep, make, f"population-{number}")
        populations[name] = joined_accounts(world)
    print("  honesty ...", flush=True)
    honesty = _kept(options, "honesty", measure_honesty, options.seed)
    return Part(
        title="The probability of bought influence",
        in_short=_in_short(accounts, unseen),
        body=_body(accounts, unseen, populations, honesty, ways),
        bars=_bars(accounts, populations, honesty),
        pictures={PICTURE: reliability_picture(reliability(accounts))},
    )


def _kept(options, name, make, *arguments):
    """A measurement, from the folder that keeps them if it is there."""
    if options.keep is None:
        return make(*arguments)
    path = options.keep / f"{name}.pickle"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pickle.dumps(make(*arguments)))
    return pickle.loads(path.read_bytes())  # noqa: S301 - written by the line above


def _body(accounts, unseen, populations, honesty, ways):
    kind_head = ("kind", "accounts", "AUC", "avoid", "watch")
    return BODY.format(
        version=shipped_table().version,
        picture=PICTURE,
        share=accounts["is_shill"].mean(),
        reliability=table(
            ("predicted", "accounts", "mean predicted", "observed", "95 % interval"),
            (
                (
                    f"{low:.0%} to {high:.0%}",
                    f"{n:,}",
                    f"{p:.3f}",
                    f"{seen:.3f}",
                    f"{below:.3f} to {above:.3f}",
                )
                for low, high, n, p, seen, below, above in reliability(accounts)
            ),
        ),
        ways=table(
            ("joined by", *FIGURES),
            ((name, *(shown(figures(found)[figure]) for figure in FIGURES)) for name, found in ways.items()),
        ),
        kinds=table(kind_head, map(_kind_row, by_kind(accounts))),
        held_out=table(kind_head, map(_kind_row, unseen)),
        roles=table(("role", "accounts", "avoid", "watch"), by_role(accounts)),
        signals=table(
            ("signal", "money", "measured", "recall on its kinds", "precision", "victims"),
            (
                (
                    f"`{name}`",
                    group.replace("_", " "),
                    f"{seen:.0%}",
                    _share(recall),
                    _share(precision),
                    victims,
                )
                for name, group, seen, recall, precision, victims in by_signal(accounts)
            ),
        ),
        populations=table(
            ("population", "accounts", "shills", "AUC", "Brier", "ECE", "precision of the first 100"),
            (_population_row(name, found) for name, found in populations.items()),
        ),
        pairs=honesty["pairs"],
        honesty=table(
            ("figure", "discloser better", "same", "discloser worse"),
            (
                (words, honesty[name]["better"], honesty[name]["same"], honesty[name]["worse"])
                for name, words in (
                    ("shill_probability", "probability"),
                    ("shill_probability_high", "upper bound of the probability"),
                    ("score", "score of the ranking"),
                )
            ),
        ),
    )


def _kind_row(row):
    kind, n, auc, avoid, watch = row
    return kind.replace("_", " "), n, f"{auc:.3f}", f"{avoid:.0%}", f"{watch:.0%}"


def _share(value):
    return "–" if value != value else f"{value:.0%}"  # noqa: PLR0124 - NaN alone differs from itself


def _population_row(name, accounts):
    found = figures(accounts)
    return (
        name,
        f"{accounts.height:,}",
        int(accounts["is_shill"].sum()),
        *(f"{found[figure][0]:.3f}" for figure in ("AUC", "Brier", "ECE", "precision of the first 100")),
    )


def _in_short(accounts, unseen):
    found = figures(accounts)
    worst = min(unseen, key=lambda row: row[2])
    innocent = accounts.filter(~pl.col("is_shill"))
    avoided, watched = int(innocent["is_avoid"].sum()), int(innocent["is_watch"].sum())
    return (
        f"On {accounts['seed'].n_unique()} worlds that did not teach it ({accounts.height:,} accounts, "
        f"{int(accounts['is_shill'].sum())} planted shills) the probability has AUC {shown(found['AUC'])} "
        f"and a calibration error of {shown(found['ECE'])}; {avoided} of {innocent.height:,} innocent "
        f"accounts {'is' if avoided == 1 else 'are'} to be avoided and {watched} to be watched. Of kinds "
        f"that the table never saw, {worst[0].replace('_', ' ')} is the hardest (AUC {worst[2]:.3f})."
    )


def _bars(accounts, populations, honesty):
    found = figures(accounts)
    victims = accounts.filter(pl.col("role") == "victim")
    pairs = honesty["pairs"]
    worse = max(honesty[name]["worse"] for name in ("shill_probability", "shill_probability_high", "score"))
    lowest = min(figures(world)["AUC"][0] for world in populations.values())
    return (
        Bar("joined probability, unseen worlds", "AUC ≥ 0.97", shown(found["AUC"]), found["AUC"][0] >= 0.97),
        Bar("the same", "ECE ≤ 0.03", shown(found["ECE"]), found["ECE"][0] <= 0.03),
        Bar("the same", "Brier reported", shown(found["Brier"]), holds=True),
        Bar(
            "the same",
            "precision of the first 200 ≥ 0.98",
            shown(found["precision of the first 200"]),
            found["precision of the first 200"][0] >= 0.98,
        ),
        Bar("other populations, the worst", "AUC ≥ 0.97", f"{lowest:.3f}", lowest >= 0.97),
        Bar(
            "bombed victims",
            "none to be avoided",
            f"{victims['is_avoid'].sum()} of {victims.height}, {victims['is_watch'].sum()} to be watched",
            not victims["is_avoid"].any(),
        ),
        Bar(
            f"honesty, {pairs:,} random pairs",
            "the discloser never ranks lower",
            f"{worse} rank lower",
            worse == 0 and pairs >= 1_000,
        ),
    )
