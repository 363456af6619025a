"""Part `words` of the evaluation: what is said about being paid, what is hidden, and what is copied."""

from __future__ import annotations

import polars as pl

from pipelines.demo_world import generate_world, write_world
from tests.benchmarks.evaluation.parts import Options, Part
from tests.benchmarks.words.candour import candour
from tests.benchmarks.words.copies import copied_text
from tests.benchmarks.words.hidden import ablation, classes, hidden_ads
from tests.benchmarks.words.texts import comments, languages
from tests.benchmarks.words.worlds import Measured, read_words

FIRST_SEED, SEEDS, ACCOUNTS = 731, 3, 3_000  # 701 to 703 were looked at while the rules were set


def measure(options: Options) -> Part:
    """Measure everything; what needs the public data is left out where they are absent."""
    seeds = [FIRST_SEED + options.seed + step for step in range(options.seeds or SEEDS)]
    worlds = []
    for seed in seeds:
        world = generate_world(seed, ACCOUNTS)
        worlds.append(Measured(world, read_words(lambda folder, made=world: write_world(made, folder))))
    posts = pl.concat([one.posts for one in worlds])
    parts = {
        "Promotional text": comments(options),
        "Candour costs nothing": candour(options.seed),
        "Hidden ads in generated worlds": hidden_ads(worlds, posts),
        "What adds what": (ablation(worlds), []),
        "Disclosure classes": (classes(posts), []),
        "Copied promotional text": copied_text(worlds, posts),
        "Languages": (languages(posts), []),
    }
    named = (
        f"Generated worlds: seeds {', '.join(map(str, seeds))}, {ACCOUNTS:,} accounts each. Their wordings "
        "were "
        "known when the signs were mended, so figures on them show that nothing is broken, and not how well "
        "unknown wordings are read. The model of promotional text has not seen them."
    )
    return Part(
        title="Bought words",
        in_short=(
            "Whether posts say that they are paid for, how many more look paid, which promotion is copied, "
            "and "
            "that whoever says so is never worse off for it."
        ),
        body="\n\n".join([named, *(f"## {title}\n\n{text}" for title, (text, _) in parts.items())]),
        bars=[bar for _, bars in parts.values() for bar in bars],
    )
