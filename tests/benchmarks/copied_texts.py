"""`python -m tests.benchmarks.copied_texts`: time and memory of finding copies among many texts.

Half of the texts are their own, three in ten are others with one word changed, and two in ten are one
template with one word changed each, which is the case that comparing all pairs of a bucket cannot stand.
"""

from __future__ import annotations

import argparse
import random
import resource
import time

import numpy as np

from graph.together.copied_texts import near_copies

LETTERS = "abcdefghijklmnoprstuvwz"
WORDS_PER_TEXT = 14


def main():
    """Make the texts, group them, say what it cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    texts = made_texts(given.texts, random.Random(given.seed))  # noqa: S311 - a benchmark's dice
    started = time.process_time()
    groups = near_copies(texts)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{given.texts:,} texts: {time.process_time() - started:.0f} CPU seconds, {megabytes:,} MB at most, "
        f"{np.unique(groups).size:,} groups"
    )


def made_texts(count: int, draw: random.Random) -> list[str]:
    """The texts, in random order of kinds."""
    vocabulary = ["".join(draw.choices(LETTERS, k=draw.randint(3, 9))) for _ in range(3_000)]
    originals = [draw.choices(vocabulary, k=WORDS_PER_TEXT) for _ in range(max(count // 20, 1))]
    texts = []
    for kind in draw.choices(("own", "changed", "template"), weights=(5, 3, 2), k=count):
        words = draw.choices(vocabulary, k=WORDS_PER_TEXT) if kind == "own" else list(draw.choice(originals))
        if kind == "changed":
            words[draw.randrange(WORDS_PER_TEXT)] = draw.choice(vocabulary)
        elif kind == "template":
            words = [*originals[0][:7], draw.choice(vocabulary) + draw.choice(vocabulary), *originals[0][8:]]
        texts.append(" ".join(words))
    return texts


if __name__ == "__main__":
    main()
