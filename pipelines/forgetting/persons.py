"""Who is to be forgotten: every id, handle and post by which a home knows them, and how texts mention them.

What they are called is collected before anything is taken away, because afterwards nobody could say it.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import duckdb

from pipelines.privacy import MEMBER_MARK, known_pseudonyms
from pipelines.published import PublishedFileMissingError, open_published
from pipelines.reviews import read_decisions
from pipelines.statements import sql_text
from pipelines.text import plain, shortened

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from duckdb import DuckDBPyConnection

    from pipelines.home import Home

_FEWEST_CHARACTERS = 6
"""An id shorter than this may be any number in any sentence; alone in a column it is found all the same."""

_MOST_SHOWN = (24, 60)
"""Characters after which a list and a sentence cut the name that somebody shows."""


@dataclass(frozen=True)
class Persons:
    """One or more persons.

    Attributes:
        account_ids: Their ids.
        handles: Their handles, without @.
        posts: Ids of their posts.
        shown_names: What they show of themselves where they have no handle, and sentences call them so.
    """

    account_ids: tuple[str, ...]
    handles: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    shown_names: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """Ids and handles as columns hold them, in lower case."""
        return sorted({name.lower() for name in (*self.account_ids, *self.handles)})

    @property
    def mentions(self) -> list[str]:
        """How sentences mention them, longest first: handles after an @, ids also alone or shortened."""
        written = {f"@{name}" for name in (*self.handles, *self.account_ids)}
        for name in self.account_ids:
            shown = (name, shortened(name), shortened(name, 13))
            written |= {short for short in shown if _is_telling(short)}
            written |= {f"id {short}" for short in shown}  # where an account has no handle
        # as sentences show them; a single word may be any word
        for name in map(plain, self.shown_names):
            if " " in name and _is_telling(name):
                written |= {name, *(plain(name, most) for most in _MOST_SHOWN)}
        # a handle that is shown shortened stands after its @
        written |= {f"@{shortened(name)}" for name in (*self.handles, *self.account_ids)}
        return sorted(written, key=lambda text: (-len(text), text))

    @property
    def pattern(self) -> str:
        """A regular expression for DuckDB whose second group is a mention, its neighbours in the others."""
        alternatives = "|".join(re.escape(text) for text in self.mentions)
        after = r"$|[^\p{L}\p{N}_.\-]|[.\-](?:$|[^\p{L}\p{N}_])"
        return rf"(?i)(^|[^\p{{L}}\p{{N}}_])({alternatives})({after})"

    @property
    def text_pattern(self) -> re.Pattern[str]:
        """The same for Python, also as JSON writes it: the mention alone, bare handles and ids included."""
        return self.text_pattern_but_for(())

    def text_pattern_but_for(self, names: Container[str]) -> re.Pattern[str]:
        """The same, but for bare names that are, in lower case, among those given: a post bears them too."""
        bare = {name for name in (*self.account_ids, *self.handles) if _is_telling(name)}
        all_words = {word for word in {*self.mentions, *bare} if word.lower() not in names}
        words = sorted(all_words, key=lambda text: (-len(text), text))
        forms = dict.fromkeys(form for word in words for form in (word, json.dumps(word)[1:-1]))
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?![\w]|[.\-]\w)", re.IGNORECASE)

    @property
    def cell_pattern(self) -> re.Pattern[str]:
        """Any name of theirs that is a whole cell of a table, or a whole item of a list that a cell is."""
        names = "|".join(re.escape(name) for name in (*self.account_ids, *self.handles))
        return re.compile(rf"(?:\A|(?<=, )|(?<=['\"\[]))@?(?:{names})(?=\Z|, |['\"\]])", re.IGNORECASE)

    def as_json(self) -> str:
        """For the note that an interrupted removal goes on from."""
        return json.dumps(asdict(self))


def persons_from_json(text: str) -> Persons:
    """What `as_json` wrote."""
    return Persons(**{name: tuple(values) for name, values in json.loads(text).items()})


def known_persons(home: Home, account_ids: Iterable[str], handles: Iterable[str] = ()) -> Persons:
    """The persons with everything by which the home knows them.

    Args:
        home: The home.
        account_ids: Their ids.
        handles: Handles that are known to be theirs.
    """
    ids = _with_pseudonyms(home, set(account_ids))
    called, posts, shown = set(handles), set(), set()
    called |= {one.handle for one in read_decisions(home) if one.account_id in ids and one.handle}
    try:
        with open_published(home.published) as connection:
            rows = connection.execute(sql_text("forget/handles"), {"ids": list(ids)}).fetchall()
            called |= {row[0] for row in rows}
            rows = connection.execute(sql_text("forget/shown_names"), {"ids": list(ids)}).fetchall()
            shown |= {row[0] for row in rows}
            rows = _posts_shown(connection, ids)
            posts |= {row[0] for row in rows}
    except PublishedFileMissingError:
        pass
    for name, found in (("handles_in_lake", called), ("posts_in_lake", posts)):
        table = "accounts" if name.startswith("handles") else "posts"
        files = [str(path) for path in home.lake.glob(f"days/*/inputs/{table}.parquet")]
        if files:
            rows = duckdb.execute(sql_text(f"forget/{name}"), {"ids": list(ids), "files": files}).fetchall()
            found |= {row[0] for row in rows}
    return Persons(
        ids,
        tuple(sorted(handle.lstrip("@") for handle in called if handle.strip("@"))),
        tuple(sorted(posts)),
        tuple(sorted(shown)),
    )


def _with_pseudonyms(home: Home, account_ids: set[str]) -> tuple[str, ...]:
    """Ids with the pseudonyms under which the home publishes them, whichever of the two was given."""
    known = known_pseudonyms(home)
    if known is None:
        return tuple(sorted(account_ids))
    given = {one for one in account_ids if one.startswith(MEMBER_MARK)}
    files = [str(path) for path in home.lake.glob("runs/*/*/members.parquet")] if given else []
    if files:
        rows = duckdb.execute(sql_text("forget/members_in_runs"), {"files": files}).fetchall()
        account_ids = account_ids | {row[0] for row in rows if known.member(row[0]) in given}
    return tuple(sorted(account_ids | {known.member(one) for one in account_ids - given}))


def _posts_shown(connection: DuckDBPyConnection, ids: tuple[str, ...]) -> list[tuple[str]]:
    """Posts that the published file shows, which it remembers when the days of the lake are gone."""
    try:
        return connection.execute(sql_text("forget/published_posts"), {"ids": list(ids)}).fetchall()
    except duckdb.CatalogException:  # a file of an earlier release has no such table
        return []


def _is_telling(text: str) -> bool:
    return len(text) >= _FEWEST_CHARACTERS
