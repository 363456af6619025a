"""The part of the evaluation on trusted voices: measure, and put page, bars and picture together."""

from __future__ import annotations

import math
import pickle

from tests.benchmarks.evaluation.parts import Bar, Part
from tests.benchmarks.trusted_voices.datasets import networks
from tests.benchmarks.trusted_voices.frontier import frontier
from tests.benchmarks.trusted_voices.measuring import measure as measure_network
from tests.benchmarks.trusted_voices.page import BAR, BASELINES, body, dominates, in_short, stable_and_special
from tests.benchmarks.trusted_voices.planted_voices import FIRST, found, of_ranking, planted_truth
from tests.benchmarks.trusted_voices.rankers import JOINED, OURS

PICTURE = "trusted-voices-frontier.svg"


def measure(options):
    """Measure every network that is at hand and the generated worlds."""
    here, missing = networks(options.data)
    measured = {}
    for network in here:
        print(f"  {network.name}: {network.graph.n_accounts:,} accounts ...", flush=True)
        measured[network.name] = {
            "what": network.what,
            "accounts": network.graph.n_accounts,
            "follows": network.graph.n_follows,
            "measured": _kept(options, network.name, measure_network, network, options.seed),
        }
    print("  generated worlds ...", flush=True)
    planted = _kept(options, "planted", planted_truth, options.seed)
    panels = {
        name: {
            ranker: (float(values[:, 0].mean()), math.exp(values[:, 2].mean()))
            for ranker, values in network["measured"]["split"].items()
        }
        for name, network in measured.items()
    }
    return Part(
        title="The ranking of trusted voices",
        in_short="\n".join(in_short(measured, planted)),
        body=body(measured, missing, planted, PICTURE),
        bars=_bars(measured, planted),
        pictures={PICTURE: frontier(panels)},
    )


def _bars(measured, planted):
    """What was promised of the ranking."""
    bars = []
    for name, network in measured.items():
        split, predicted = network["measured"]["split"], network["measured"]["held out"]
        points = {ranker: stable_and_special(split[ranker]) for ranker in (OURS, *BASELINES)}
        above = [other for other in BASELINES if dominates(points[other], points[OURS])]
        overlap, lift = points[OURS]
        bars.append(
            Bar(
                f"{name}: split audience",
                "no baseline is steadier and more special",
                f"overlap {overlap:.2f} at lift {lift:.1f}; dominated by {', '.join(above) or 'none'}",
                not above,
            )
        )
        for place, what in enumerate(("nDCG@50", "MAP")):
            best = max(BASELINES, key=lambda other, k=place: predicted[other][:, k].mean())
            ours, theirs = (float(predicted[each][:, place].mean()) for each in (JOINED, best))
            bars.append(
                Bar(
                    f"{name}: held-out follows, {what}",
                    "above every baseline",
                    f"{ours:.3f}; best baseline {theirs:.3f} ({best})",
                    ours > theirs,
                )
            )
    places, famous, poisoned = (planted[key] for key in ("places", "famous", "poisoned"))
    voices = of_ranking(places, "published rank")
    share = float(found(voices).mean())
    return [
        *bars,
        Bar(
            "generated worlds: planted voices with at most k / 2 others above them in their size tier",
            f"at least {BAR:.0%}",
            f"{share:.0%} of {voices.height}",
            share >= BAR,
        ),
        Bar(
            f"generated worlds: celebrities and news among the first {FIRST}",
            "none by reach alone",
            str(famous["among_first"].sum()),
            famous["among_first"].sum() == 0,
        ),
        Bar(
            "generated worlds: shills that a poisoned list moves into the recommended set",
            "none",
            str(poisoned["recommended_after"].sum()),
            poisoned["recommended_after"].sum() == 0,
        ),
    ]


def _kept(options, name, make, *arguments):
    """What `make` measures, or what an earlier run left in the folder."""
    file = options.keep and options.keep / f"trusted-voices-{name}-{options.seed}.pickle"
    if file and file.exists():
        return pickle.loads(file.read_bytes())  # noqa: S301 - written by this command
    result = make(*arguments)
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(pickle.dumps(result))
    return result
