"""Names that resemble those of well-followed accounts: which, in what way, and which account came later.

A name alone says little, so three things come together: the handle or the name shown looks like another's,
the account is younger, and it has less history. Harmless causes come first: the other account knows it
(follows it, names it), it says that it is a fan or a parody, or many carry the name. Belongs here: finding
such pairs by hashed keys, never all pairs. Does not belong here: what a name looks like
(`graph.text.name_skeletons`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from graph.arrays.sparse_rows import take_rows
from graph.text.name_skeletons import core, differ_by_one, shortened_by_one, skeleton, spelled, words_of
from graph.text.text_folding import fold, folded_phrases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import FloatArray, IntegerArray

LOOKS_THE_SAME, SOMETHING_ADDED, ONE_LETTER_OFF, SAME_NAME = (
    "looks_the_same",
    "something_added",
    "one_letter_off",
    "name_looks_the_same",
)
HOW = (LOOKS_THE_SAME, SOMETHING_ADDED, ONE_LETTER_OFF, SAME_NAME)
"""In what way a name resembles another, the closest first."""

MUTUAL_NAMESAKES = "mutual_namesakes"
"""How accounts resemble each other that follow each other and show one name."""

RESEMBLES, SAME_OWNER, SAYS_SO = "resembles", "same_owner", "says_so"
KINDS = (RESEMBLES, SAME_OWNER, SAYS_SO)

FEWEST_FOLLOWERS = 20
"""Below this nobody has a name worth imitating."""
TIMES_MORE_FOLLOWERS = 10
"""An imitator has at most this part of the followers of whom it imitates."""
MOST_ORIGINALS = 200_000
"""So many accounts, the most followed, are looked after."""
SHORTEST = 5
SHORTEST_WITH_ADDITIONS = 6
SHORTEST_ONE_OFF = 8
"""Letters that a name must have for its likeness to mean something, by how loose the likeness is."""
COMMON_FROM = 20
"""So many accounts of one name make it a common name; so do `ESTABLISHED` others that are no imitators."""
ESTABLISHED = 2
COMMON_WORD_FROM = 5
"""A single word in the shown names of so many accounts is a common name."""

_SERVER = re.compile(r"^[^@.]*$|^[^@.]+(?=[@.])")
_SAYS_SO = """
fan|fans|fanpage|fan page|fan account|fanclub|fan club|fandom|parody|satire|tribute|unofficial|not affiliated
not the real|fa clube|fa-clube|pagina de fas|conta de fas|parodia|satira|homenagem|nao oficial
club de fans|cuenta fan|homenaje|no oficial|fanseite|fanaccount|parodie|inoffiziell|hommage|non officiel
compte fan|fanklub|strona fanowska|konto fanowskie|nieoficjalny|nieoficjalna|nieoficjalne|fanpage
фан|фанат|фан-клуб|фанклуб|фан-страница|фан-аккаунт|пародия|неофициальный|неофициальная
معجب|معجبين|معجبه|صفحه معجبين|محاكاه ساخره|ساخر|غير رسمي|غير الرسمي
pagina fan|non ufficiale|omaggio
"""


@dataclass(frozen=True)
class Names:
    """What n accounts call themselves; None where it is not known."""

    handle: Sequence[str | None]
    shown: Sequence[str | None]
    bio: Sequence[str | None]


@dataclass(frozen=True)
class History:
    """How long n accounts have been there and what came of it, float64[n]; NaN is unknown.

    Attributes:
        created: when, in days or any other unit of time.
        followers: claimed or seen, the larger.
        posts: written so far.
    """

    created: FloatArray
    followers: FloatArray
    posts: FloatArray


@dataclass(frozen=True)
class Follows:
    """Who follows whom: rows of the followed accounts, sorted, as `graph.network.followers` has them."""

    offsets: IntegerArray
    following: IntegerArray


@dataclass(frozen=True)
class LookAlikes:
    """Pairs of accounts, one row per account that resembles another: the closest, then the most followed.

    Attributes:
        account: int64[k], the one with less history, ascending.
        original: int64[k], whom it resembles.
        how: str[k], out of `HOW`.
        kind: str[k], out of `KINDS`: `resembles` where no harmless cause was found, `same_owner` where the
            original follows it or names it in its bio, `says_so` where it calls itself a fan or a parody.
    """

    account: NDArray[np.int64]
    original: NDArray[np.int64]
    how: NDArray[np.str_]
    kind: NDArray[np.str_]


@dataclass(frozen=True)
class _Looks:
    """Skeletons and cores of handles and shown names; empty where there is none."""

    handle: list[str]
    handle_core: list[str]
    shown: list[str]
    shown_core: list[str]


def look_alikes(names: Names, history: History, follows: Follows) -> LookAlikes:
    """Accounts whose name resembles that of a well-followed account which was there before them.

    Near-linear: every name is hashed by what it looks like, by its core, and by its core without each one
    letter; only names that share a key are compared. A handle that looks the same is
    enough, of a common name too where it is spelled in characters of another alphabet or in invisible ones;
    one that merely has something added or one letter changed counts where the shown name is the
    other's too, or (additions only) no names are shown. A shown name alone counts where it looks the same and
    is spelled otherwise: people share names, but not by writing them in letters of another alphabet.

    Args:
        names: What accounts call themselves.
        history: How long and with what success; without both ages nobody is an imitator.
        follows: Who follows whom.
    """
    looks = _looks(names)
    pairs = _pairs_with_less_history(_candidate_pairs(looks, history), history)
    common = _common_names(looks, history)
    found: dict[int, tuple[int, float, int, str]] = {}
    for account, original in pairs:
        how = _how(names, looks, account, original, common)
        if how is None:
            continue
        entry = (HOW.index(how), -float(history.followers[original]), original, how)
        found[account] = min(found.get(account, entry), entry)
    account = np.array(sorted(found), dtype=np.int64)
    original = np.array([found[node][2] for node in account.tolist()], dtype=np.int64)
    return LookAlikes(
        account=account,
        original=original,
        how=np.array([found[node][3] for node in account.tolist()], dtype=np.str_),
        kind=_kinds(names, account, original, follows),
    )


def same_owner_pairs(names: Names, follows: Follows) -> NDArray[np.int64]:
    """Pairs of accounts that follow each other and show the same name, int64[k, 2], each once.

    Names of fewer than `SHORTEST` letters or of more than `COMMON_FROM` accounts are left out.
    """
    by_name = defaultdict(list)
    for node, name in enumerate(names.shown):
        key = core(name) if name else ""
        if len(key) >= SHORTEST:
            by_name[key].append(node)
    pairs = np.array(
        [
            (one, other)
            for group in by_name.values()
            if 2 <= len(group) <= COMMON_FROM
            for place, one in enumerate(group)
            for other in group[place + 1 :]
        ],
        dtype=np.int64,
    ).reshape(-1, 2)
    mutual = _follows(follows, pairs[:, 0], pairs[:, 1]) & _follows(follows, pairs[:, 1], pairs[:, 0])
    return pairs[mutual]


def _looks(names: Names) -> _Looks:
    handle, shown = _without_servers(names.handle), [name or "" for name in names.shown]
    return _Looks(
        [skeleton(name) for name in handle],
        [core(name) for name in handle],
        [skeleton(name) for name in shown],
        [core(name) for name in shown],
    )


def _without_servers(handles: Sequence[str | None]) -> list[str]:
    """Handles without the name of a server that many share: `jane.example.org` is `jane`."""
    known = [(name or "").strip().removeprefix("@") for name in handles]
    shared = Counter(_SERVER.sub("", name, count=1) for name in known)
    return [
        name[: -len(server)]
        if (server := _SERVER.sub("", name, count=1)) and shared[server] >= COMMON_FROM
        else name
        for name in known
    ]


def _candidate_pairs(looks: _Looks, history: History) -> set[tuple[int, int]]:
    """Pairs (account, well-followed account) that share a key of some kind, of accounts with an age."""
    looked_after = defaultdict(list)
    for node in _originals(history).tolist():
        for key in _keys(looks, node):
            looked_after[key].append(node)
    # A key of very many is a common name, and no pair of it would be kept.
    rare = {key: nodes for key, nodes in looked_after.items() if len(nodes) <= COMMON_FROM}
    return {
        (node, original)
        for node in np.flatnonzero(~np.isnan(history.created)).tolist()
        for key in _keys(looks, node)
        for original in rare.get(key, ())
        if original != node
    }


def _keys(looks: _Looks, node: int) -> set[tuple[str, str]]:
    keys = {("looks", looks.handle[node]), ("core", looks.handle_core[node]), ("shown", looks.shown[node])}
    if len(looks.handle_core[node]) >= SHORTEST_ONE_OFF - 1:
        keys |= {("off", text) for text in shortened_by_one(looks.handle_core[node])}
    return {key for key in keys if len(key[1]) >= SHORTEST}


def _originals(history: History) -> NDArray[np.int64]:
    """Accounts with a name worth imitating, the most followed first."""
    followers = np.nan_to_num(history.followers)
    order = np.argsort(-followers, kind="stable")[:MOST_ORIGINALS]
    return order[(followers[order] >= FEWEST_FOLLOWERS) & ~np.isnan(history.created[order])]


def _pairs_with_less_history(pairs: set[tuple[int, int]], history: History) -> list[tuple[int, int]]:
    """Those in which the first is younger, has far fewer followers and no more posts; in order."""
    if not pairs:
        return []
    table = np.array(sorted(pairs), dtype=np.int64)
    is_less = _has_less_history(history, table[:, 0], table[:, 1])
    return [(account, original) for account, original in table[is_less].tolist()]


def _has_less_history(history: History, one: IntegerArray, other: IntegerArray) -> NDArray[np.bool_]:
    followers = np.nan_to_num(history.followers)
    with np.errstate(invalid="ignore"):
        return (
            (history.created[one] > history.created[other])
            & (followers[one] * TIMES_MORE_FOLLOWERS <= followers[other])
            & ~(history.posts[one] > history.posts[other])
        )


def _common_names(looks: _Looks, history: History) -> set[str]:
    """Cores that many carry, or several who cannot all imitate one, and words of many shown names."""
    groups = defaultdict(set)
    words = Counter[str]()
    for node, (handle, shown) in enumerate(zip(looks.handle_core, looks.shown_core, strict=True)):
        for key in {handle, shown} - {""}:
            groups[key].add(node)
        words.update(set(words_of(looks.shown[node])))
    common = {word for word, carriers in words.items() if carriers >= COMMON_WORD_FROM}
    for key, nodes in groups.items():
        if len(nodes) > COMMON_FROM or (
            len(nodes) > ESTABLISHED and _several_stand(np.array(sorted(nodes)), history)
        ):
            common.add(key)
    return common


def _several_stand(nodes: NDArray[np.int64], history: History) -> bool:
    """Whether besides the most followed of a name others stand who are no imitators of it."""
    first = nodes[np.argmax(np.nan_to_num(history.followers[nodes]))]
    less = _has_less_history(history, nodes, np.full(nodes.size, first))
    return int((~less).sum()) - 1 >= ESTABLISHED


def _how(names: Names, looks: _Looks, account: int, original: int, common: set[str]) -> str | None:
    """In what way the first resembles the second; None where it is not enough."""
    is_same_look = looks.handle[account] == looks.handle[original] and len(looks.handle[original]) >= SHORTEST
    if is_same_look and _is_disguised(names.handle[account], names.handle[original]):
        return LOOKS_THE_SAME
    if {looks.handle_core[original], looks.handle_core[account], looks.shown_core[original]} & common:
        return None
    if is_same_look:
        return LOOKS_THE_SAME
    shown = _same_shown(looks, account, original)
    if _has_additions(looks, account, original) and shown is not False:
        return SOMETHING_ADDED
    if shown and differ_by_one(looks.handle_core[account], looks.handle_core[original]):
        return ONE_LETTER_OFF if len(looks.handle_core[original]) >= SHORTEST_ONE_OFF else None
    is_same_name = (
        looks.shown[account] == looks.shown[original] and len(looks.shown[original]) >= SHORTEST_ONE_OFF
    )
    return SAME_NAME if is_same_name and _is_disguised(names.shown[account], names.shown[original]) else None


def _same_shown(looks: _Looks, account: int, original: int) -> bool | None:
    """Whether both show the same name, up to a letter; None where one of them shows none."""
    one, other = looks.shown_core[account], looks.shown_core[original]
    if not one or not other:
        return None
    return one == other or (len(other) >= SHORTEST_ONE_OFF and differ_by_one(one, other))


def _has_additions(looks: _Looks, account: int, original: int) -> bool:
    one, other = looks.handle_core[account], looks.handle_core[original]
    return one == other and len(other) >= SHORTEST_WITH_ADDITIONS


def _is_disguised(one: str | None, other: str | None) -> bool:
    """Whether two names that look the same are spelled in characters that nobody mixes by chance."""
    if one is None or other is None or (one.isascii() and other.isascii()):
        return False
    return spelled(one) != spelled(other)


def _kinds(
    names: Names, account: NDArray[np.int64], original: NDArray[np.int64], follows: Follows
) -> NDArray[np.str_]:
    """The harmless cause of each pair, or `RESEMBLES`."""
    is_known = _follows(follows, original, account)
    kinds = [
        SAME_OWNER
        if known or _names_in_bio(names, int(other), int(one))
        else SAYS_SO
        if _says_so(names, int(one))
        else RESEMBLES
        for one, other, known in zip(account, original, is_known, strict=True)
    ]
    return np.array(kinds, dtype=np.str_)


def _names_in_bio(names: Names, account: int, other: int) -> bool:
    """Whether the bio of the first mentions the handle of the second."""
    bio, handle = names.bio[account], names.handle[other]
    if not bio or not handle:
        return False
    return re.search(rf"@{re.escape(handle.removeprefix('@'))}(?![\w.]*\w)", bio, re.IGNORECASE) is not None


def _says_so(names: Names, node: int) -> bool:
    """Whether an account calls itself a fan, a parody or unofficial."""
    said = " ".join(name for name in (names.handle[node], names.shown[node], names.bio[node]) if name)
    return _fan_words().search(re.sub(r"[_.]+", " ", fold(said))) is not None


@cache
def _fan_words() -> re.Pattern[str]:
    phrases = sorted(folded_phrases(_SAYS_SO), key=lambda phrase: (-len(phrase), phrase))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, phrases))})(?!\w)")


def _follows(follows: Follows, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether each of the first follows its partner among the second."""
    position, followed = take_rows(follows.offsets, follows.following, one)
    found = np.zeros(one.size, dtype=bool)
    found[position[followed == other[position]]] = True
    return found
