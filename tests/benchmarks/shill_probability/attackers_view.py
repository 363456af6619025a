"""The part of the evaluation with an attacker's view: how to hide, at what cost, and who sees it then."""

from __future__ import annotations

import polars as pl

from pipelines.weights.learning import several_worlds
from tests.benchmarks.evaluation.parts import Part, table
from tests.benchmarks.shill_probability.evasions import EVASIONS, evaded_worlds
from tests.benchmarks.shill_probability.measuring import joined_accounts

WORLDS = ((501, 1500),)
LEAST_SEEN = 0.1
BODY = """Each row is the cheapest way that we know to hide from one signal, planted in a generated world
in which nothing else changes ({accounts:,} accounts). *Fires* is the share of the shills who do it on
whom the signal speaks for bought influence at three to one or more, before and after. *Then sees it*
names the other signals that fire on a tenth of them or more once they hide. *Avoid or watch* is what a
strategist is told in the end.

{rows}

What the table cannot say: an attacker may do several of these at once, and each costs more than the one
before. Whoever buys nothing that leaves a trace (a lunch for a friendly post, disclosed nowhere) is
seen by no signal here.
"""


def measure(options):
    """Measure every evasion in worlds of its own."""
    usual = joined_accounts(several_worlds(WORLDS, options.keep, name="attack-none"))
    rows = []
    for evasion in EVASIONS:
        print(f"  {evasion.signal} ...", flush=True)
        made = several_worlds(WORLDS, options.keep, evaded_worlds(evasion), f"attack-{evasion.signal}")
        rows.append(_row(evasion, usual, joined_accounts(made)))
    return Part(
        title="An attacker's view",
        in_short=(
            "For each signal the cheapest way to hide from it, planted and measured: what it costs, how "
            "often the signal still fires, and which other signal then sees it."
        ),
        body=BODY.format(
            accounts=usual.height,
            rows=table(
                (
                    "signal",
                    "how to hide",
                    "what it costs",
                    "fires before",
                    "fires after",
                    "then sees it",
                    "avoid or watch before",
                    "after",
                ),
                rows,
            ),
        ),
    )


def _row(evasion, usual, evaded):
    before, after = (
        accounts.filter(pl.col("shill_kind").is_in(evasion.kinds)) for accounts in (usual, evaded)
    )
    flag = f"flag {evasion.signal}"
    others = {
        name.removeprefix("flag "): after[name].mean()
        for name in after.columns
        if name.startswith("flag ") and name != flag
    }
    seen = [
        f"`{name}` {share:.0%}"
        for name, share in sorted(others.items(), key=lambda pair: -pair[1])
        if share >= LEAST_SEEN
    ]
    return (
        f"`{evasion.signal}`",
        evasion.how,
        evasion.costs,
        f"{before[flag].mean():.0%}" if flag in before.columns else "no weight",
        f"{after[flag].mean():.0%}" if flag in after.columns else "no weight",
        ", ".join(seen) or "no other signal",
        *(f"{(found['is_avoid'] | found['is_watch']).mean():.0%}" for found in (before, after)),
    )
