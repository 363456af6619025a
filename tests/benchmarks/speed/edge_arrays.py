"""Distinct follows as plain arrays, for contenders that begin with arrays."""

from __future__ import annotations

import ctypes

import numpy as np

from graph.network.compressed_orders import both_orders
from tests.benchmarks.speed.graphs import account_bits, rmat, shuffled

AUDIENCE_SHARE = 100  # one account in so many is a member …
MOST_MEMBERS = 100_000  # … but no more than these


def edge_arrays(scratch, edges, seed=0):
    """Folder with `follower`, `followee` (uint32, distinct, shuffled) and `members`, .npy; made once."""
    folder = scratch / f"edges-{edges}-{seed}"
    if folder.exists():
        return folder
    aside = folder.with_name(folder.name + ".partial")
    aside.mkdir(parents=True, exist_ok=True)
    bits = account_bits(edges)
    follower, followee = (shuffled(nodes, bits).astype(np.uint32) for nodes in rmat(edges, seed, 0, bits))
    orders = both_orders(1 << bits, follower, followee)
    rng = np.random.default_rng(seed)
    order = rng.permutation(orders.targets.size)
    source = np.repeat(np.arange(1 << bits, dtype=np.uint32), np.diff(orders.source_offsets))
    np.save(aside / "follower.npy", source[order])
    np.save(aside / "followee.npy", orders.targets[order])
    active = np.flatnonzero(np.diff(orders.source_offsets))
    size = min(MOST_MEMBERS, max(active.size // AUDIENCE_SHARE, 10))
    np.save(aside / "members.npy", np.sort(rng.choice(active, size, replace=False)).astype(np.uint32))
    aside.rename(folder)
    return folder


def read_edges(folder):
    """Number of accounts, followers, followees and members, read into memory."""
    follower, followee, members = (
        np.load(f"{folder}/{name}.npy") for name in ("follower", "followee", "members")
    )
    n_accounts = 1 << int(max(follower.max(initial=0), followee.max(initial=0))).bit_length()
    return n_accounts, follower, followee, members


def give_back():
    """Hand memory that was freed before back to the system, so that it hides nothing of what comes."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
