# ruff: noqa: RUF001 - letters that look like other letters are the subject here
"""Look-alike names: planted beside the trusted voices of generated worlds, and counted on real names."""

from __future__ import annotations

from collections import Counter

import numpy as np
import polars as pl

from graph.network.followers import build_follower_graph
from graph.shill.impersonation import RESEMBLES, Follows, History, Names, look_alikes
from graph.text.name_skeletons import core
from pipelines.demo_world.world import generate_world

ACCOUNTS = 6_000
PLANTED_PER_TRICK = 12
CYRILLIC = str.maketrans("aceopxyis", "асеорхуіѕ")
GREEK = str.maketrans("aoiv", "αοιν")


def _one_letter(rng, handle):
    place = int(rng.integers(1, len(handle) - 1))
    letter = rng.choice([each for each in "bdghkpqtxz" if each not in handle[max(place - 1, 0) : place + 2]])
    return handle[:place] + letter + handle[place + 1 :]


def _swapped(rng, handle):
    places = [place for place in range(1, len(handle) - 1) if handle[place] != handle[place + 1]]
    place = int(rng.choice(places))
    return handle[:place] + handle[place + 1] + handle[place] + handle[place + 2 :]


def _doubled(rng, handle):
    place = int(rng.integers(1, len(handle)))
    return handle[:place] + handle[place - 1] + handle[place:]


def _first_of(letters):
    """Replaces the first of some letters that a handle holds; unchanged where it holds none."""

    def trick(rng, handle):
        del rng
        found = [(handle.index(old), old, new) for old, new in letters.items() if old in handle]
        if not found:
            return handle
        place, old, new = min(found)
        return handle[:place] + new + handle[place + len(old) :]

    return trick


TRICKS = {
    "Cyrillic letters": lambda _, handle: handle.translate(CYRILLIC),
    "Greek letters": lambda _, handle: handle.translate(GREEK),
    "full-width letters": lambda _, handle: "".join(
        chr(ord(c) + 0xFEE0) if c.isalpha() else c for c in handle
    ),
    "an invisible character": lambda _, handle: handle[:2] + "\u200b" + handle[2:],
    "a mark that reorders": lambda _, handle: "\u202e" + handle,
    "an accent": _first_of({"a": "á", "e": "é", "o": "ö", "i": "ï", "u": "ú"}),
    "I, l and 1": _first_of({"l": "I", "i": "1"}),
    "0 for o": _first_of({"o": "0"}),
    "rn for m": _first_of({"m": "rn"}),
    "an underscore": lambda _, handle: handle + "_",
    "dots": lambda _, handle: handle[:3] + "." + handle[3:],
    "digits": lambda rng, handle: f"{handle}{rng.integers(1, 999)}",
    "official": lambda _, handle: handle + "_official",
    "the real": lambda _, handle: "the_real_" + handle,
    "real, without a gap": lambda _, handle: "real" + handle,
    "a doubled letter": _doubled,
    "digits for letters": _first_of({"e": "3", "a": "4", "t": "7"}),
    "one letter changed": _one_letter,
    "two letters swapped": _swapped,
    "one letter left out": lambda _, handle: handle[:3] + handle[4:],
}
HARMLESS = {
    "says it is a fan page": {"bio": "Fan account, run by fans"},
    "the original follows it": {},
    "older than the original": {},
    "a country's account": {},
    "digits, another name": {"shown": "Someone Else"},
}


def on_worlds(seed, n_worlds):
    """Planted accounts marked, per world and trick, with the shown name copied and not; and marks in all."""
    rows, marks = [], []
    for world_seed in range(seed, seed + n_worlds):
        world = _World(world_seed)
        for copies_name in (True, False):
            found = world.planted(copies_name=copies_name)
            rows += found["rows"]
            marks.append({"world": world_seed, "copies the name": copies_name, **found["marks"]})
    return pl.DataFrame(rows), pl.DataFrame(marks)


class _World:
    """The names and histories of a generated world, and accounts planted into it."""

    def __init__(self, seed):
        self.seed = seed
        world = generate_world(5_000 + seed, ACCOUNTS)
        table = world.tables["accounts"]
        self.until = float(np.datetime64(world.until).astype("datetime64[D]").astype(int))
        index = {account: node for node, account in enumerate(table["account_id"])}
        follows = world.tables["follows"].filter(pl.col("unfollowed_at").is_null())
        self.edges = [
            follows[name].replace_strict(index).to_numpy() for name in ("follower_id", "followee_id")
        ]
        self.handle, self.shown, self.bio = (
            table[name].to_list() for name in ("handle", "display_name", "bio")
        )
        day = (table["created_at"].dt.epoch("s") / 86_400).fill_null(float("nan")).to_numpy()
        self.history = [
            day,
            table["followers_count"].fill_null(0).cast(pl.Float64).to_numpy(),
            table["posts_count"].cast(pl.Float64).fill_null(float("nan")).to_numpy(),
        ]
        voices = np.flatnonzero((world.truth["role"] == "niche_voice").to_numpy())
        # A world of few given and family names: some voices share theirs with others, as people do.
        self.carriers = Counter(
            key
            for pair in zip(self.handle, self.shown, strict=True)
            for key in {core(name or "") for name in pair}
        )
        self.voices = [
            int(node)
            for node in voices
            if len(self.handle[node]) >= 8 and self.handle[node].isascii() and not np.isnan(day[node])
        ]

    def planted(self, *, copies_name):
        """What is found when every trick is planted beside trusted voices, harmless causes among them."""
        rng = np.random.default_rng((self.seed, copies_name))
        names = [list(self.handle), list(self.shown), list(self.bio)]
        history, edges, truth = [list(column) for column in self.history], [], {}
        for trick in (*TRICKS, *HARMLESS):
            for original in rng.choice(self.voices, PLANTED_PER_TRICK, replace=False).tolist():
                made = self._made(rng, trick, original, copies_name=copies_name)
                if made is None:
                    continue
                node = len(names[0])
                truth[node] = (trick, original)
                for column, value in zip((*names, *history), made, strict=True):
                    column.append(value)
                if trick == "the original follows it":
                    edges.append((original, node))
        graph, _ = build_follower_graph(
            len(names[0]), *(np.append(end, [edge[side] for edge in edges]).astype(np.int64)
                             for side, end in enumerate(self.edges))
        )  # fmt: skip
        found = look_alikes(
            Names(*names), History(*map(np.array, history)), Follows(graph.following_offsets, graph.following)
        )
        marked = {
            int(account): int(original)
            for account, original, kind in zip(found.account, found.original, found.kind, strict=True)
            if kind == RESEMBLES
        }
        rows = [
            {
                "world": self.seed,
                "copies the name": copies_name,
                "trick": trick,
                "is_harmless": trick in HARMLESS,
                "has namesakes": self._has_namesakes(original),
                "marked": node in marked,
                "right": marked.get(node) == original,
            }
            for node, (trick, original) in truth.items()
        ]
        untouched = sum(account not in truth for account in marked)
        return {"rows": rows, "marks": {"marked": len(marked), "of them untouched": untouched}}

    def _has_namesakes(self, node):
        """Whether two others and more carry the name in their handle or as the name they show."""
        return max(self.carriers[core(name or "")] for name in (self.handle[node], self.shown[node])) >= 3

    def _made(self, rng, trick, original, *, copies_name):
        """Handle, shown name, bio, day, followers, posts of one planted account; None where a trick fails."""
        handle = self.handle[original]
        if trick in TRICKS:
            changed = TRICKS[trick](rng, handle)
        else:
            changed = {"a country's account": handle + "_de", "digits, another name": handle + "77"}.get(
                trick, handle + "_"
            )
        if changed == handle:
            return None
        created, followers, posts = (column[original] for column in self.history)
        shown = self.shown[original] if copies_name else "Someone Else"
        more = {"shown": shown, "bio": "", **HARMLESS.get(trick, {})}
        day = created - 100 if trick == "older than the original" else self.until - rng.uniform(5, 90)
        few = float(rng.integers(0, max(int(followers / 20), 1)))
        return (
            changed,
            more["shown"],
            more["bio"],
            max(day, created + 1) if day > created else day,
            few,
            min(posts, 3),
        )


def on_real_names(folder, seed):
    """Marks on untouched real names, as counts only."""
    counts = []
    users = pl.read_csv(folder / "twitter-datascience" / "users.csv", infer_schema=False)
    follows = pl.read_csv(folder / "twitter-datascience" / "followers.csv", infer_schema=False)
    created = users["createdAt"].str.slice(0, 10).str.to_date(strict=False).cast(pl.Int32).cast(pl.Float64)
    counts.append(
        (
            "3,603 real handles with ages",
            *_marks(users["id"], users["username"], users["name"], created, follows),
        )
    )
    profiles = pl.read_csv(folder / "nostr" / "profiles.csv", infer_schema=False).unique(
        "pubkey", maintain_order=True
    )
    lists = pl.read_parquet(folder / "nostr" / "follows.parquet").select(
        pl.col("src_pubkey", "dst_pubkey").cast(pl.String)
    )
    unknown = pl.Series([None] * profiles.height, dtype=pl.Float64)
    drawn = pl.Series(np.random.default_rng(seed).random(profiles.height))
    none = pl.Series([None] * profiles.height, dtype=pl.String)
    key, name = profiles["pubkey"], profiles["name"]
    counts.append(("17,403 real names without ages", *_marks(key, none, name, unknown, lists)))
    counts.append(
        ("the same taken for handles, ages drawn at random", *_marks(key, name, name, drawn, lists))
    )
    return counts


def _marks(ids, handles, shown, created, follows):
    """Accounts and how many of them are marked."""
    index = {account: node for node, account in enumerate(ids)}
    known = follows.filter(pl.all_horizontal(pl.all().is_in(ids.implode())))
    ends = (known[name].replace_strict(index).to_numpy() for name in known.columns[:2])
    graph, _ = build_follower_graph(len(ids), *ends)
    unknown = np.full(len(ids), np.nan)
    found = look_alikes(
        Names(handles.to_list(), shown.to_list(), [None] * len(ids)),
        History(created.fill_null(float("nan")).to_numpy(), graph.follower_counts.astype(float), unknown),
        Follows(graph.following_offsets, graph.following),
    )
    return len(ids), int((found.kind == RESEMBLES).sum())
