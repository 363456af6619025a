"""The tables to be published with pseudonyms in place of members who are nothing but members.

One step over the prepared Parquet files, driven by what the columns are called: every text column of the
published schema is declared below, and a test fails where a new one is not. Who is ranked in any kept run,
belongs to a brand or owns an audience keeps its name. Of a post that such a member wrote nothing stays but
the day and the label: its words could be looked up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from assets.sentences import LONGEST_NAME
from graph.text.plain_text import plain, shortened
from pipelines.examples import (
    EXAMPLE_POSTS,
    EXAMPLES,
    EXAMPLES_ARE_ACCOUNTS,
    EXAMPLES_ARE_POSTS,
    EXAMPLES_OF,
    VOICES,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from pipelines.lake import Lake
    from pipelines.privacy import Pseudonyms

ACCOUNTS: dict[str, tuple[str, ...]] = {
    "account_id": ("handle", "display_name", "bio"),
    "account_id_a": ("handle_a",),
    "account_id_b": ("handle_b",),
    "resembles_account_id": ("resembles_handle",),
    "backup_account_id": ("backup_handle",),
    "author_id": ("author_handle",),
}
"""Columns with the id of an account, to those of the same row with what the account calls itself."""

LISTS = (EXAMPLES, EXAMPLE_POSTS, VOICES)
"""Lists of ids of accounts or posts, or of handles."""

TEXTS = (
    "sentence", "status_reason", "what_would_change", "about", "because", "how", "explained_by", "reason",
    "cause", "name", "text", "why_not", "detail", "value",
)  # fmt: skip
"""Sentences and words of others, in which somebody may be mentioned."""

LISTS_OF_TEXTS = ("terms",)
"""Lists of words of members, in which somebody may be mentioned too."""

POSTS = ("post_id",)
"""Ids of posts: those of a member lead to who wrote it."""

WORDS = (
    "run_id", "previous_run_id", "network", "audience", "configuration", "weights_version", "data_dir",
    "input_fingerprint", "durations", "platform", "language", "status", "size_tier", "currency",
    "attention_basis", "baseline", "momentum", "review", "signal", "side", "direction", "state", "brand",
    "category", "profile_type", "group_id", "kind", "role", "label", "reviewer", "source", "method", "plan",
    "change", "quantity", "class", "table_name", "file", "column_name", "rule", "subject", "measure",
    "columns_present", "asset", "check_name", "severity", "other_currency", "risk_signal",
)  # fmt: skip
"""Columns that name no account: words of Vouch's own lists, names of the data, and settings."""

WITHHELD = "withheld"
WITHHELD_POST = "withheld: written by a member of the audience"

_CUTS = (LONGEST_NAME, 24)  # characters after which sentences and lists in them cut a name
_FEWEST_CHARACTERS = 6  # as the search of `vouch forget` has it: a shorter id may be any number of a sentence
_NAMES_OF_VOICES = re.compile(r"(?: · )?around .*$", re.DOTALL)
_WORD = re.compile(r"(@?)([\w…][\w.\-:…]*)")
_LONG_WORD = re.compile(r"(@?)([\w…][\w.\-:…@]*)")


@dataclass(frozen=True)
class Hidden:
    """Who is hidden, and what stands for them.

    Attributes:
        accounts: account_id, pseudonym.
        posts: post_id, pseudonym: what they wrote.
        called: account_id, called: handles by which any table knows them.
        shown: Account id to the names it shows.
    """

    accounts: pl.DataFrame
    posts: pl.DataFrame
    called: pl.DataFrame
    shown: Mapping[str, str]

    @cached_property
    def pseudonym_of(self) -> dict[str, str]:
        """Account id to pseudonym."""
        return dict(self.accounts.iter_rows())

    @cached_property
    def names_in_lists(self) -> dict[str, str]:
        """What a list of accounts or handles may hold to what stands there instead."""
        handles = {name: self.pseudonym_of[one] for one, name in self.called.iter_rows()}
        return handles | self.pseudonym_of

    @cached_property
    def posts_in_lists(self) -> dict[str, str]:
        """The same for a list of posts."""
        return dict(self.posts.iter_rows())

    @cached_property
    def in_lists(self) -> dict[str, str]:
        """The same for a list of which nobody knows what it holds."""
        return self.names_in_lists | self.posts_in_lists

    def in_list(self, column: str, signal: str | None = None) -> dict[str, str]:
        """The same for a column, and for the signal of the row where that says what it holds."""
        if column == EXAMPLE_POSTS or (column == EXAMPLES and signal in EXAMPLES_ARE_POSTS):
            return self.posts_in_lists
        if column == VOICES or (column == EXAMPLES and signal in EXAMPLES_ARE_ACCOUNTS):
            return self.names_in_lists
        return self.in_lists

    @cached_property
    def after_at(self) -> dict[str, str]:
        """What may stand after an @, in lower case."""
        forms = {}
        for account_id, name in self.called.iter_rows():
            for form in (name, plain(name, LONGEST_NAME), shortened(name)):
                forms[form.lstrip("@").lower()] = self.pseudonym_of[account_id]
        ids = {account_id.lower(): pseudonym for account_id, pseudonym in self.accounts.iter_rows()}
        return forms | ids | self.alone

    @cached_property
    def alone(self) -> dict[str, str]:
        """What may stand in a sentence without an @, in lower case: ids, whole or shortened."""
        forms = {}
        for account_id, pseudonym in self.pseudonym_of.items():
            clean = plain(account_id)
            for form in (account_id, clean, shortened(clean), shortened(clean, 13), account_id[:12]):
                if len(form) >= _FEWEST_CHARACTERS:
                    forms[form.lower()] = pseudonym
        return forms

    @cached_property
    def unusual(self) -> dict[str, str]:
        """Forms with characters that end a word, such as spaces, which are looked for letter by letter."""
        marked = {f"@{form}": pseudonym for form, pseudonym in self.after_at.items()}
        return {
            form: pseudonym
            for form, pseudonym in (marked | self.alone).items()
            if not _LONG_WORD.fullmatch(form)
        }

    def without_mentions(self, text: str) -> str:
        """A text whose mentions of hidden accounts are pseudonyms."""

        def named(found: re.Match[str]) -> str:
            mark, word = found.groups()
            whole = word.lower()
            known = self.after_at if mark else self.alone
            for form in (whole, whole.rstrip(".-:@")):
                if form in known:
                    return f"{mark}{known[form]}{word[len(form) :]}"
            return found.group()

        return _WORD.sub(named, _LONG_WORD.sub(named, text))


def pseudonymous(
    sources: Mapping[str, Path | Sequence[Path]],
    named: Collection[str],
    pseudonyms: Pseudonyms,
    lake: Lake,
    folder: Path,
) -> dict[str, Path | Sequence[Path]]:
    """The tables with pseudonyms.

    Args:
        sources: Published table to its Parquet file or files.
        named: Ids of accounts that keep their names though no ranking holds them: brands and owners.
        pseudonyms: What stands for whom.
        lake: Writes the files.
        folder: Where the changed tables go.
    """
    hidden = _hidden(sources, named, pseudonyms)
    made = dict(sources)
    for table in sources:
        paths = files_of(sources, table)
        columns = set().union(*(pl.read_parquet_schema(path) for path in paths)) if paths else set()
        if columns & {*ACCOUNTS, *LISTS, *LISTS_OF_TEXTS, *TEXTS, *POSTS}:
            out = folder / f"pseudonymous.{table}.parquet"
            lake.write_frame(out, _changed(table, read_source(sources, table), hidden))
            made[table] = out
    return made


def files_of(sources: Mapping[str, Path | Sequence[Path]], table: str) -> list[Path]:
    """The files of a published table."""
    given = sources.get(table, [])
    return list(given) if isinstance(given, list | tuple) else [given]


def read_source(sources: Mapping[str, Path | Sequence[Path]], table: str) -> pl.DataFrame:
    """The rows of a published table, as its files hold them; no columns where it has no file."""
    frames = [pl.read_parquet(path, hive_partitioning=False) for path in files_of(sources, table)]
    return pl.concat(frames, how="diagonal_relaxed") if frames else pl.DataFrame()


def _hidden(
    sources: Mapping[str, Path | Sequence[Path]], named: Collection[str], pseudonyms: Pseudonyms
) -> Hidden:
    in_sight = {*named}
    for table in ("partner_rankings", "own_accounts"):
        in_sight.update(_column(sources, table, "account_id"))
    ids = sorted(set(_column(sources, "audience_members", "account_id")) - in_sight)
    accounts = pl.DataFrame(
        {"account_id": ids, "pseudonym": [pseudonyms.member(one) for one in ids]},
        schema={"account_id": pl.String, "pseudonym": pl.String},
    )
    called, shown, posts = [], {}, []
    for table in sources:
        frame = _names_in(sources, table)
        for id_column, names in ACCOUNTS.items():
            if id_column in frame.columns:
                theirs = frame.join(accounts, left_on=id_column, right_on="account_id", how="semi")
                called += [
                    theirs.select(account_id=id_column, called=name)
                    for name in names
                    if name in frame.columns and name not in {"display_name", "bio"}
                ]
                if "display_name" in frame.columns and id_column == "account_id":
                    shown |= dict(theirs.select("account_id", "display_name").drop_nulls().iter_rows())
                if "post_id" in frame.columns and id_column == "author_id":
                    posts += theirs["post_id"].to_list()
    written = sorted(set(posts))
    return Hidden(
        accounts,
        pl.DataFrame(
            {"post_id": written, "pseudonym": [pseudonyms.post(one) for one in written]},
            schema={"post_id": pl.String, "pseudonym": pl.String},
        ),
        pl.concat([pl.DataFrame(schema={"account_id": pl.String, "called": pl.String}), *called])
        .drop_nulls()
        .unique()
        .sort("account_id", "called"),
        shown,
    )


def _names_in(sources: Mapping[str, Path | Sequence[Path]], table: str) -> pl.DataFrame:
    """The columns of a table that say who an account is, each row once."""
    wanted = {*ACCOUNTS, *(name for names in ACCOUNTS.values() for name in names), *POSTS} - {"bio"}
    frames = [
        pl.scan_parquet(path).select(pl.selectors.by_name(*wanted, require_all=False)).unique().collect()
        for path in files_of(sources, table)
    ]
    return pl.concat(frames, how="diagonal_relaxed") if frames else pl.DataFrame()


def _column(sources: Mapping[str, Path | Sequence[Path]], table: str, column: str) -> list[str]:
    paths = files_of(sources, table)
    return [one for path in paths for one in pl.read_parquet(path, columns=[column])[column].drop_nulls()]


def _changed(table: str, frame: pl.DataFrame, hidden: Hidden) -> pl.DataFrame:
    """One table with pseudonyms; names that a row shows go by whose they are, not by how they read."""
    frame = _without_shown_names(frame, hidden)
    if table in _TABLES:
        frame = _TABLES[table](frame, hidden)
    for id_column, names in ACCOUNTS.items():
        if id_column in frame.columns:
            frame = _renamed(frame, id_column, [name for name in names if name in frame.columns], hidden)
    for column in frame.columns:
        if column in LISTS:
            frame = frame.with_columns(_listed(frame, column, hidden))
        elif column in LISTS_OF_TEXTS:
            frame = frame.with_columns(_each(frame[column], hidden.without_mentions))
        elif column in TEXTS and frame.schema[column] == pl.String:
            frame = frame.with_columns(_mentions_replaced(frame[column], hidden))
    return frame


def _renamed(frame: pl.DataFrame, id_column: str, names: Iterable[str], hidden: Hidden) -> pl.DataFrame:
    known = hidden.accounts.rename({"pseudonym": "_pseudonym"})
    joined = frame.join(
        known, left_on=id_column, right_on="account_id", how="left", maintain_order="left", coalesce=True
    )
    is_hidden = pl.col("_pseudonym").is_not_null()
    # tables that always have a handle keep one; what else a person shows of itself goes
    new = {
        name: pl.when(is_hidden & pl.col(name).is_not_null())
        .then(None if name in {"display_name", "bio"} else pl.col("_pseudonym"))
        .otherwise(pl.col(name))
        for name in names
    }
    return joined.with_columns(pl.coalesce("_pseudonym", id_column).alias(id_column), **new).drop(
        "_pseudonym"
    )


def _posts_withheld(frame: pl.DataFrame, hidden: Hidden) -> pl.DataFrame:
    known = hidden.posts.rename({"pseudonym": "_pseudonym"})
    joined = frame.join(known, on="post_id", how="left", maintain_order="left")
    is_theirs = pl.col("_pseudonym").is_not_null()
    return joined.with_columns(
        post_id=pl.coalesce("_pseudonym", "post_id"),
        platform=pl.when(~is_theirs).then("platform"),  # no link to a post that is nowhere
        posted_at=pl.when(is_theirs).then(pl.col("posted_at").dt.truncate("1d")).otherwise("posted_at"),
        text=pl.when(is_theirs).then(pl.lit(WITHHELD_POST)).otherwise("text"),
    ).drop("_pseudonym")


def _values_withheld(frame: pl.DataFrame, _hidden: Hidden) -> pl.DataFrame:
    """What could not be read may be an id that no table knows."""
    return frame.with_columns(value=pl.lit(WITHHELD))


def _details_withheld(frame: pl.DataFrame, _hidden: Hidden) -> pl.DataFrame:
    """Checks of what was read quote it."""
    is_read = pl.col("asset").str.starts_with("input_tables")
    return frame.with_columns(detail=pl.when(is_read).then(pl.lit(WITHHELD)).otherwise("detail"))


def _without_voices_in_names(frame: pl.DataFrame, hidden: Hidden) -> pl.DataFrame:
    """Names of groups, without the voices where one of the first is hidden."""
    names = [
        _NAMES_OF_VOICES.sub("", name or "") or "a group around members"
        if any(one in hidden.names_in_lists for one in voices or [])
        else name
        for name, voices in frame.select("name", "top_voices").iter_rows()
    ]
    return frame.with_columns(name=pl.Series(names, dtype=pl.String))


_TABLES: dict[str, Callable[[pl.DataFrame, Hidden], pl.DataFrame]] = {
    "quality.rejects": _values_withheld,
    "quality.checks": _details_withheld,
    "communities": _without_voices_in_names,
    "example_posts": _posts_withheld,
}
"""Tables that need more than their columns' names say."""


def _without_shown_names(frame: pl.DataFrame, hidden: Hidden) -> pl.DataFrame:
    """Sentences without the names that hidden accounts show: of the row's own, and of those it points to."""
    pointing = [
        name for name in ("account_id", "resembles_account_id", "example_ids") if name in frame.columns
    ]
    if "sentence" not in frame.columns or not pointing or not hidden.shown:
        return frame
    sentences = []
    for sentence, *pointed in frame.select("sentence", *pointing).iter_rows():
        told = sentence
        for one in pointed:
            for account_id in one if isinstance(one, list) else [one]:
                told = _without_shown_name(told, account_id, hidden)
        sentences.append(told)
    return frame.with_columns(sentence=pl.Series(sentences, dtype=pl.String))


def _without_shown_name(sentence: str | None, account_id: str | None, hidden: Hidden) -> str | None:
    """A sentence without the name that an account shows, whole or cut as sentences cut it."""
    shown = hidden.shown.get(account_id or "", "")
    for name in (plain(shown, longest) for longest in _CUTS):
        if sentence and name:
            sentence = sentence.replace(name, hidden.pseudonym_of[account_id or ""])
    return sentence


def _mentions_replaced(texts: pl.Series, hidden: Hidden) -> pl.Series:
    told = {
        text: new for text in texts.unique().drop_nulls() if (new := hidden.without_mentions(text)) != text
    }
    texts = texts.replace(list(told), list(told.values())) if told else texts
    if not hidden.unusual:
        return texts
    forms, stand_ins = list(hidden.unusual), list(hidden.unusual.values())
    return texts.str.replace_many(forms, stand_ins, ascii_case_insensitive=True)


def _listed(frame: pl.DataFrame, column: str, hidden: Hidden) -> pl.Series:
    signals = frame[EXAMPLES_OF] if EXAMPLES_OF in frame.columns else [None] * frame.height
    changed = [
        None
        if ids is None
        else [hidden.in_list(column, signal).get(one, one) for one in ids if one is not None]
        for signal, ids in zip(signals, frame[column], strict=True)
    ]
    return pl.Series(column, changed, dtype=pl.List(pl.String))


def _each(lists: pl.Series, new: Callable[[str], str]) -> pl.Series:
    changed = [None if one is None else [new(item) for item in one if item is not None] for one in lists]
    return pl.Series(lists.name, changed, dtype=pl.List(pl.String))
