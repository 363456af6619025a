"""`vouch init`: a commented dataset.toml, guessed from the names and the contents of the files in a folder.

What is likely is written as it would be used; what is doubtful is written as a comment with a question mark.
A folder that follows the contract gets a file that changes nothing.
"""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from pipelines.ingest.contract import TABLE_BY_NAME, TABLES, Column, Table
from pipelines.ingest.dataset import folder_fault
from pipelines.ingest.errors import DraftExistsError, InputFaultsError, output_errors
from pipelines.ingest.files import stem_of
from pipelines.ingest.job import IntakeClock, open_connection
from pipelines.ingest.looking import ENOUGH, UNIT_BY_DIGITS, Folder, Seen, plain_name
from pipelines.ingest.mapping import DATASET_FILE
from pipelines.ingest.synonyms import KIND_WORDS, LABEL_WORDS
from pipelines.ingest.ways_of_writing import (
    are_handles,
    are_known_handles,
    decimal_mark,
    flag_words,
    pointer_to_id,
    time_formats,
)

_SHOWN_ACCOUNTS = 5
_ENCODING_DOUBTS = {"utf-16": "", "latin-1": " # ? it is not UTF-8; check that names read well"}
_SETTINGS = """\
# Settings, all optional; docs/INPUTS.md lists them with their defaults.
# [interaction_weights]            # what an interaction is worth: less where it is easy to fake
# like = 0.02
# [trust_weights]                  # what each part of trust is worth
# endorsement = 0.3
# [baselines]                      # what an audience is compared with, in place of the whole network
# "my audience" = "category:coffee"    # or "audience:another audience"
# [momentum]
# half_life_days = 90
# [privacy]
# pseudonymous_members = true      # the published file names no member who is nothing but a member
# smallest_group = 5               # and shows nothing about groups of fewer members"""


def write_draft(data_dir: Path, *, overwrite: bool = False) -> Path:
    """Write a drafted dataset.toml into a folder of files.

    Args:
        data_dir: The folder.
        overwrite: Whether a dataset.toml that is there may be replaced.

    Returns:
        The file written.

    Raises:
        DraftExistsError: When there is one already.
        InputFaultsError: When the folder cannot be read.
        OutputFolderError: When it cannot be written.
    """
    path = data_dir / DATASET_FILE
    if path.exists() and not overwrite:
        raise DraftExistsError(
            f"{path} is there already.", remedy="Rename it, or allow it to be overwritten with --force."
        )
    text = draft_dataset_toml(data_dir)
    with output_errors(data_dir):
        aside = path.with_name(f".{DATASET_FILE}.{os.getpid()}.partial")
        try:
            aside.write_text(text, encoding="utf-8")
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
    return path


def draft_dataset_toml(data_dir: Path) -> str:
    """The text of a commented dataset.toml for the files of a folder.

    Raises:
        InputFaultsError: When the folder cannot be read or is empty.
    """
    fault = folder_fault(data_dir)
    if fault is not None:
        raise InputFaultsError([fault])
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="vouch-init-") as folder:
        scratch = Path(folder)
        with closing(open_connection(IntakeClock(now, now.date()), scratch)) as connection:
            return _Draft(Folder(connection, data_dir, scratch), data_dir.resolve().name or "main").text()


class _Draft:
    def __init__(self, folder: Folder, network: str) -> None:
        self.folder = folder
        self.network = network
        self._writers = {
            "time": self._time_line,
            "flag": self._flag_line,
            "count": self._number_line,
            "number": self._number_line,
        }

    def text(self) -> str:
        parts = [self._head()]
        for table in TABLES:
            of_table = [seen for seen in self.folder.seen if seen.table is table]
            parts += [self._section(seen, is_one_of_several=len(of_table) > 1) for seen in of_table]
        parts += [self._unknown(seen) for seen in self.folder.seen if seen.table is None]
        parts.append(self._audiences())
        parts.append(_SETTINGS)
        return "\n\n".join(part for part in parts if part) + "\n"

    # writing ----------------------------------------------------------------------------------------------

    def _head(self) -> str:
        lines = [
            "# Which file and column feeds which table. Lines with a question mark are guesses to check;",
            "# docs/INPUTS.md describes the tables. Check the whole with: vouch check --data DIR",
            "",
            f"network = {_toml(self.network)}",
        ]
        if self.folder.unread:
            lines += ["", "# Not read:", *(f"#   {_one_line(line)}" for line in self.folder.unread)]
        return "\n".join(lines)

    def _section(self, seen: Seen, *, is_one_of_several: bool) -> str:
        table = seen.table
        if table is None:
            return ""
        section = f"[[{table.name}]]" if is_one_of_several else f"[{table.name}]"
        lines = [f"# {table.meaning[0].upper()}{table.meaning[1:]}.", section, *self._file_lines(seen)]
        used = set(seen.guesses.values())
        for column in table.columns:
            lines += self._column_lines(seen, table, column)
        left = [name for name in seen.columns if name not in used]
        if not used and seen.source.has_header and seen.file.file_format == "csv":
            lines.append(
                "# ? None of its columns is known by name. If its first line is a row: header = false"
            )
        if left:
            lines.append(f"# Not used: {', '.join(_one_line(name) for name in left)}")
        return "\n".join(lines)

    def _file_lines(self, seen: Seen) -> list[str]:
        lines = [f"file = {_toml(seen.entry)}"]
        if seen.source.delimiter is not None:
            lines.append(f"delimiter = {_toml(seen.source.delimiter)}")
        if not seen.source.has_header:
            lines.append("header = false")
        if seen.source.encoding != "utf-8":
            lines.append(f"encoding = {_toml(seen.source.encoding)}{_ENCODING_DOUBTS[seen.source.encoding]}")
        return lines

    def _column_lines(self, seen: Seen, table: Table, column: Column) -> list[str]:
        guess = self._guess_for(seen, table, column)
        if column.name == "kind" and seen.kind is not None:
            return [f"kind = {{ value = {_toml(seen.kind)} }}"]
        if guess is None:
            return self._missing_lines(seen, table, column)
        if not seen.source.has_header and column.type == "id":
            return [f"# {column.name} = {_toml(guess)} # ? {column.meaning}"]
        write = self._words_line if column.choices else self._writers.get(column.type)
        if write is not None:
            return [write(seen, column, guess)]
        if table.name == "interactions" and column.name in {"actor_id", "target_id"}:
            return self._endpoint_lines(seen, column, guess)
        is_account = column.name in table.account_columns
        lines = [self._account_line(seen, column, guess) if is_account else f"{column.name} = {_toml(guess)}"]
        if table.name == "follows" and column.name == "followee_id":
            lines.append(self._direction_comment(seen))
        return lines

    def _missing_lines(self, seen: Seen, table: Table, column: Column) -> list[str]:
        """A required column that no column of the file looks like; one list of ids is one audience."""
        if (table.name, column.name) == ("audience_members", "audience"):
            name = _toml(stem_of(Path(seen.entry)))
            return [f"audience = {{ value = {name} }} # ? one list: this is its name"]
        return [f'# {column.name} = "?" # required: {column.meaning}'] if column.required else []

    def _guess_for(self, seen: Seen, table: Table, column: Column) -> str | None:
        """The guess for a column; an interaction without an actor is done by whoever wrote the post."""
        guess, post = seen.guesses.get(column.name), seen.guesses.get("post_id")
        if (
            guess is None
            and (table.name, column.name) == ("accounts", "account_id")
            and self._handles_are_ids
        ):
            return seen.guesses.get("handle")
        if guess is None and post is not None and (table.name, column.name) == ("interactions", "actor_id"):
            return post if self.folder.shared(seen, post, "posts", "post_id") > ENOUGH else None
        return guess

    def _time_line(self, seen: Seen, column: Column, guess: str) -> str:
        filled, as_text, as_number, digits, example = self.folder.time_shape(seen, guess)
        unit = UNIT_BY_DIGITS.get(digits)
        if filled == 0 or as_text > ENOUGH * filled:
            return f"{column.name} = {_toml(guess)}"
        if as_number > ENOUGH * filled and unit is not None:
            return f"{column.name} = {{ column = {_toml(guess)}, unit = {_toml(unit)} }}"
        shown = _one_line(str(example))[:60]
        formats = time_formats(self.folder, seen, guess)
        if formats:
            others = f" # ? or {' or '.join(formats[1:])}: {shown} does not tell" if formats[1:] else ""
            of_that = f"{{ column = {_toml(guess)}, format = {_toml(formats[0])} }}"
            return f"{column.name} = {of_that}{others}"
        return f'# {column.name} = {{ column = {_toml(guess)}, format = "?" }} # for example {shown}'

    def _flag_line(self, seen: Seen, column: Column, guess: str) -> str:
        """A column of yes and no; one of that name that holds addresses or words is left to the person."""
        flags = self.folder.values(seen, guess).aggregate(
            "count(v) AS filled, count(flag_value(v)) AS as_flag, "
            "min(v) FILTER (flag_value(v) IS NULL) AS example"
        )
        filled, as_flag, example = flags.fetchall()[0]
        if as_flag >= ENOUGH * filled:
            return f"{column.name} = {_toml(guess)}"
        words = flag_words(self.folder, seen, guess)
        if words:
            pairs = ", ".join(f"{_toml(value)} = {_toml(word)}" for value, word in words.items())
            return f"{column.name} = {{ column = {_toml(guess)}, values = {{ {pairs} }} }}"
        shown = _one_line(str(example))[:60]
        return f"# {column.name} = {_toml(guess)} # ? {column.meaning}: true or false, not {shown}"

    def _number_line(self, seen: Seen, column: Column, guess: str) -> str:
        mark, doubtful = decimal_mark(self.folder, seen, guess, is_whole=column.type == "count")
        if mark is None:
            return f"{column.name} = {_toml(guess)}"
        written = f"{column.name} = {{ column = {_toml(guess)}, decimal = {_toml(mark)} }}"
        return f"{written} # ? read so that {_one_line(doubtful)[:30]} has thousands" if doubtful else written

    def _account_line(self, seen: Seen, column: Column, guess: str) -> str:
        """Who is meant: by id, by the handle of a known account, or by a handle in place of an id."""
        pointer = pointer_to_id(self.folder, seen, guess)
        if pointer is not None:
            return f"{column.name} = {_toml(pointer)}"
        by_id = self.folder.shared(seen, guess, "accounts", "account_id") > ENOUGH
        if seen.table is not TABLE_BY_NAME["accounts"] and not by_id:
            if self._accounts_have_ids and are_known_handles(self.folder, seen, guess):
                look_up = 'via = "accounts.handle", take = "account_id"'
                return f"{column.name} = {{ column = {_toml(guess)}, {look_up} }}"
            if self._handles_are_ids:
                return f'{column.name} = {{ column = {_toml(guess)}, as = "handle" }}'
        elif seen.table is TABLE_BY_NAME["accounts"] and guess == seen.guesses.get("handle"):
            return f'{column.name} = {{ column = {_toml(guess)}, as = "handle" }}'
        return f"{column.name} = {_toml(guess)}"

    @cached_property
    def _accounts_have_ids(self) -> bool:
        """Whether the accounts have ids besides their handles."""
        accounts = self.folder.known_handles()
        return accounts is not None and "account_id" in accounts.guesses

    @cached_property
    def _handles_are_ids(self) -> bool:
        """Whether people are known by their handles alone: any end of a tie is written as one."""
        return not self._accounts_have_ids and any(
            are_handles(self.folder, seen, guess)
            for seen in self.folder.seen
            if seen.table is not None and seen.table is not TABLE_BY_NAME["accounts"]
            for name, guess in seen.guesses.items()
            if name in seen.table.account_columns
        )

    def _words_line(self, seen: Seen, column: Column, guess: str) -> str:
        found = [value for value, _ in self.folder.frequent_values(seen, guess)]
        known = KIND_WORDS if column.name == "kind" else LABEL_WORDS
        words = {
            value: word
            for value in found
            for word, names in known.items()
            if plain_name(value) in names and value.lower() != word
        }
        unknown = [value for value in found if value not in words and value.lower() not in column.choices]
        comment = (
            f" # ? not known: {', '.join(_one_line(value)[:30] for value in unknown)}" if unknown else ""
        )
        if not words:
            return f"{column.name} = {_toml(guess)}{comment}"
        pairs = ", ".join(f"{_toml(value)} = {_toml(word)}" for value, word in words.items())
        return f"{column.name} = {{ column = {_toml(guess)}, values = {{ {pairs} }} }}{comment}"

    def _endpoint_lines(self, seen: Seen, column: Column, guess: str) -> list[str]:
        """Who acted or was acted upon; where the values are ids of posts, their authors."""
        if not self._holds_posts(seen, guess):
            return [self._account_line(seen, column, guess)]
        via = f'{{ column = {_toml(guess)}, via = "posts.post_id", take = '
        lines = [f'{column.name} = {via}"author_id" }} # its values are ids of posts']
        # The post that counts is the one acted upon; of a mention, the one that holds it.
        target = seen.guesses.get("target_id")
        acted_upon = target if target is not None and self._holds_posts(seen, target) else guess
        if "post_id" not in seen.guesses and guess == acted_upon:
            lines.append(f"post_id = {_toml(guess)}")
        if column.name == "actor_id" and "occurred_at" not in seen.guesses:
            lines.append(f'occurred_at = {via}"posted_at" }}')
        return lines

    def _holds_posts(self, seen: Seen, guess: str) -> bool:
        """Whether a column's values are ids of posts rather than of accounts."""
        in_posts = self.folder.shared(seen, guess, "posts", "post_id")
        return in_posts > ENOUGH and in_posts > self.folder.shared(seen, guess, "accounts", "account_id")

    def _direction_comment(self, seen: Seen) -> str:
        most = []
        for name in ("follower_id", "followee_id"):
            if name not in seen.guesses:
                return "# ? The other end of the follow is still to be named."
            frequent = self.folder.frequent_values(seen, seen.guesses[name])
            most.append(f"{seen.guesses[name]} up to {frequent[0][1]:,} times" if frequent else name)
        return (
            "# ? Check the direction: the most frequent followee should be somebody well known. "
            f"One account occurs as {_one_line(most[0])}, as {_one_line(most[1])}."
        )

    def _unknown(self, seen: Seen) -> str:
        columns = ", ".join(_one_line(name) for name in seen.columns)
        lines = [
            f"# ? {_one_line(seen.entry)}: which table is it? Its columns: {columns}",
            "# [?]",
            *(f"# {line}" for line in self._file_lines(seen)),
        ]
        return "\n".join(lines)

    def _audiences(self) -> str:
        if any(seen.table is TABLE_BY_NAME["audience_members"] for seen in self.folder.seen):
            return ""
        lines = [
            "# ? An audience must still be chosen: list its members in a table audience_members, or derive",
            "# it from the followers of an account, or (engaged_with) from those who interacted with it.",
            '# [audiences."my audience"]',
        ]
        for table, column, key in (
            ("follows", "followee_id", "followers_of"),
            ("interactions", "target_id", "engaged_with"),
        ):
            for seen in self.folder.seen:
                if seen.table is TABLE_BY_NAME[table] and column in seen.guesses:
                    frequent = self.folder.frequent_values(seen, seen.guesses[column])[:_SHOWN_ACCOUNTS]
                    called = self.folder.handles_of([value for value, _ in frequent])
                    lines += [
                        f"# {key} = [{_toml(value)}] # {_known_as(called.get(value))}{count:,} of the rows "
                        "looked at"
                        for value, count in frequent
                    ]
                    return "\n".join(lines)
        return "\n".join([*lines, '# followers_of = ["@handle"]'])


def _known_as(handle: str | None) -> str:
    """The handle to know an account by, before what is said of it; nothing where it has none."""
    return f"@{_one_line(handle).removeprefix('@')[:40]}, " if handle else ""


def _toml(text: str) -> str:
    """A text as a TOML basic string; JSON's escapes are TOML's, but for DEL, which JSON leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _one_line(text: str) -> str:
    """A text that cannot end a comment."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
