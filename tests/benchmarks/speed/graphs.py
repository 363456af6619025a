"""Follower graphs of any size, generated straight to Parquet: R-MAT, seeded, chunk by chunk.

Each follow is drawn on its own from its number and the seed, so that a graph is the same whatever the
chunks, and memory does not grow with it.

References:
    Chakrabarti, Zhan and Faloutsos, "R-MAT: a recursive model for graph mining", SDM 2004. Quadrants 0.57,
    0.19, 0.19, 0.05 as in the Graph500 benchmark.
"""

from __future__ import annotations

import math
import shutil

import numpy as np
import polars as pl

from graph.arrays.compiled import compiled

CHUNK = 4_000_000
FOLLOWS_PER_ACCOUNT = 32  # about that of the Twitter follower graph of 2010: 1.47 billion over 41.7 million
_A, _B, _C = 0.57, 0.19, 0.19
_FIRST_ID, _ID_STEP = 1_000_000_007, 4_099


def account_bits(edges):
    """Binary digits of the node numbers of a graph of that many follows."""
    return max(4, math.ceil(math.log2(max(edges, 1) / FOLLOWS_PER_ACCOUNT + 1)))


def rmat(edges, seed=0, first=0, bits=None):
    """Follower and followee, uint32, of follows `first` to `first + edges`; with duplicates and self-follows.

    Low node numbers are the popular ones; `ids` tells them apart from what files hold.
    """
    bits = account_bits(edges) if bits is None else bits
    return _rmat(np.uint64(first), edges, bits, np.uint64(seed))


def shuffled(nodes, bits):
    """The nodes under other numbers of as many binary digits, so that popularity does not show in them."""
    mask = np.uint64((1 << bits) - 1)
    nodes = nodes.astype(np.uint64)
    for factor in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9):
        nodes = (nodes * np.uint64(factor)) & mask
        nodes ^= nodes >> np.uint64(bits // 2 or 1)
    return nodes


def integer_ids(nodes, bits):
    """64 bit ids of nodes, int64: far apart, in no order."""
    return (shuffled(nodes, bits) * np.uint64(_ID_STEP) + np.uint64(_FIRST_ID)).astype(np.int64)


def text_ids(nodes, bits):
    """Ids of nodes as text, a polars series: a letter and 10 to 16 digits."""
    return pl.select(pl.format("u{}", pl.Series(integer_ids(nodes, bits)))).to_series()


def write_follows(scratch, edges, *, ids="integer", seed=0):
    """A data folder with the table `follows` of so many rows, and an audience; made once, then found again.

    Args:
        scratch: where such folders are kept.
        edges: rows of follows, in files of `CHUNK` rows.
        ids: "integer" or "text".
        seed: of the graph.

    Returns:
        The folder, with `follows/*.parquet` and `audience_members.parquet` (one account in a hundred).
    """
    folder = scratch / f"rmat-{edges}-{ids}-{seed}"
    if folder.exists():
        return folder
    aside = folder.with_name(folder.name + ".partial")
    shutil.rmtree(aside, ignore_errors=True)
    (aside / "follows").mkdir(parents=True)
    bits = account_bits(edges)
    name = {"integer": integer_ids, "text": text_ids}[ids]
    for number, first in enumerate(range(0, edges, CHUNK)):
        follower, followee = rmat(min(CHUNK, edges - first), seed, first, bits)
        frame = pl.DataFrame({"follower_id": name(follower, bits), "followee_id": name(followee, bits)})
        frame.write_parquet(aside / "follows" / f"part-{number:04}.parquet", compression="zstd")
    members = np.unique(rmat(max(1, (1 << bits) // 100), seed, 0, bits)[0])
    audience = pl.DataFrame({"account_id": name(members, bits)}).with_columns(audience=pl.lit("benchmark"))
    audience.write_parquet(aside / "audience_members.parquet")
    aside.rename(folder)
    return folder


@compiled
def _mixed(x):
    """A 64 bit hash of a 64 bit number (the finaliser of splitmix64)."""
    x ^= x >> np.uint64(30)
    x *= np.uint64(0xBF58476D1CE4E5B9)
    x ^= x >> np.uint64(27)
    x *= np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@compiled
def _rmat(first, edges, bits, seed):
    """One follow per place: at each of `bits` levels a quadrant is drawn and adds a digit to both ends."""
    low, middle, high = np.uint64(_A * 2**32), np.uint64((_A + _B) * 2**32), np.uint64((_A + _B + _C) * 2**32)
    start = _mixed(seed + np.uint64(0x9E3779B97F4A7C15))
    follower = np.empty(edges, np.uint32)
    followee = np.empty(edges, np.uint32)
    for place in range(edges):
        state = start + (first + np.uint64(place)) * np.uint64(0xD1342543DE82EF95)
        a = np.uint64(0)
        b = np.uint64(0)
        for level in range(bits):
            draw = _mixed(state + np.uint64(level) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32)
            down = draw >= middle
            right = (low <= draw < middle) or draw >= high
            a = (a << np.uint64(1)) | np.uint64(down)
            b = (b << np.uint64(1)) | np.uint64(right)
        follower[place] = a
        followee[place] = b
    return follower, followee
