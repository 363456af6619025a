"""`vouch init`: a commented dataset.toml, guessed from the names and the contents of the files in a folder.

What is likely is written as it would be used; what is doubtful is written as a comment with a question mark.
A folder that follows the contract gets a file that changes nothing.
"""

from __future__ import annotations

import json
import os
import tempfile
import unicodedata
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.engine import sql_text
from pipelines.ingest import careful
from pipelines.ingest.contract import TABLE_BY_NAME, TABLES, Column, Table
from pipelines.ingest.dataset import folder_fault
from pipelines.ingest.errors import (
    DraftExistsError,
    FileFaultError,
    InputFaultsError,
    output_errors,
)
from pipelines.ingest.files import (
    InputFile,
    Measured,
    Utf16Error,
    find_named_files,
    list_names,
    measure,
    stem_of,
)
from pipelines.ingest.intake import IntakeClock, open_connection
from pipelines.ingest.mapping import DATASET_FILE, Source
from pipelines.ingest.reading import guess_delimiter, literal, read_rows
from pipelines.ingest.synonyms import COLUMN_NAMES, KIND_FILES, KIND_WORDS, LABEL_WORDS, TABLE_NAMES

if TYPE_CHECKING:
    import duckdb

    from pipelines.ingest.reading import Rows

_UNIT_BY_DIGITS = {10: "s", 13: "ms", 16: "us", 19: "ns"}
_ENOUGH = 0.5  # the share of values that must fit a guess
_SHOWN_ACCOUNTS = 5
_ENCODING_BYTES = 1 << 24
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


@dataclass
class _Seen:
    """One file as `vouch init` sees it: its rows as the view `name`, columns by their source names."""

    entry: str
    source: Source
    view: str
    columns: dict[str, str]
    file: InputFile
    table: Table | None = None
    kind: str | None = None
    guesses: dict[str, str] = field(default_factory=dict)


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
            return _Draft(connection, data_dir, scratch).text()


class _Draft:
    def __init__(self, connection: duckdb.DuckDBPyConnection, data_dir: Path, scratch: Path) -> None:
        self.connection = connection
        self.data_dir = data_dir
        self.scratch = scratch
        self.seen: list[_Seen] = []
        self.unread: list[str] = []

    def text(self) -> str:
        for entry in list_names(self.data_dir):
            self._look_at(entry)
        for seen in self.seen:
            self._doubt_the_header(seen)
            seen.table, seen.kind = _guess_table(seen)
            if seen.table is not None and seen.source.has_header:
                seen.guesses = _guess_columns(seen.table, list(seen.columns))
            elif seen.table is not None:
                seen.guesses = self._guess_by_content(seen, seen.table)
        parts = [self._head()]
        for table in TABLES:
            of_table = [seen for seen in self.seen if seen.table is table]
            parts += [self._section(seen, is_one_of_several=len(of_table) > 1) for seen in of_table]
        parts += [self._unknown(seen) for seen in self.seen if seen.table is None]
        parts.append(self._audiences())
        parts.append(_SETTINGS)
        return "\n\n".join(part for part in parts if part) + "\n"

    # looking ----------------------------------------------------------------------------------------------

    def _look_at(self, entry: str) -> None:
        try:
            files = find_named_files(self.data_dir, entry.rstrip("/"), None)
            if files:
                self._sample(entry.rstrip("/"), files[0])
        except FileFaultError as error:
            if Path(entry).stem.upper() in {"README", "LICENSE"}:
                return
            self.unread.append(f"{entry}: {error.problem} {error.remedy}".strip())

    def _sample(self, entry: str, file: InputFile) -> None:
        measured, encoding = self._measured(file)
        source = Source("", "", file=entry, encoding=encoding)
        if file.file_format == "csv":
            line = careful.first_line(measured.plain, encoding)
            fields = line.text.split() if line else []
            is_spaced = (
                line is not None and not any(mark in line.text for mark in ",\t;|") and len(fields) > 1
            )
            delimiter = guess_delimiter(file, measured, encoding)
            parts = fields if is_spaced else careful.header_fields(measured.plain, delimiter, encoding)
            has_header = not any(part.strip().lstrip("-").isdigit() for part in parts)
            source = replace(source, delimiter=" " if is_spaced else None, has_header=has_header)
        rows = read_rows(self.connection, file, measured, source, self.scratch / "careful")
        if not rows.expressions:
            self.unread.append(f"{entry}: is empty.")
            return
        self.seen.append(self._looked_at(_Seen(entry, source, f"sample_{len(self.seen)}", {}, file), rows))

    def _looked_at(self, seen: _Seen, rows: Rows) -> _Seen:
        """Keep the first rows of a file under the names of its columns."""
        seen.columns = {name: f"s{number}" for number, name in enumerate(rows.expressions)}
        texts = ", ".join(
            f"tidy({rows.expressions[name]}) AS {column}" for name, column in seen.columns.items()
        )
        rows.relation.project(texts).create_view("source_rows", replace=True)
        self.connection.execute(f"DROP TABLE IF EXISTS {seen.view}")
        self.connection.sql(sql_text("ingest/sample")).create(seen.view)
        return seen

    def _measured(self, file: InputFile) -> tuple[Measured, str]:
        """The measure of a file, and its encoding as far as it shows."""
        try:
            measured = measure(file, self.scratch / "unpacked", self.connection)
        except Utf16Error:
            return measure(file, self.scratch / "unpacked", self.connection, "utf-16"), "utf-16"
        return measured, "utf-8" if measured.is_utf8 or not _is_latin1(measured.plain) else "latin-1"

    def _doubt_the_header(self, seen: _Seen) -> None:
        """Take the first line for a row where it names nothing known and one of its fields is a value."""
        if seen.file.file_format != "csv" or not seen.source.has_header or _knows_a_column(seen):
            return
        fields = ", ".join(literal(name) for name in seen.columns)
        for other in self.seen:
            any_value = " OR ".join(f"{column} IN ({fields})" for column in other.columns.values())
            if self.connection.table(other.view).filter(any_value).limit(1).fetchall():
                seen.source = replace(seen.source, has_header=False)
                measured, _ = self._measured(seen.file)
                rows = read_rows(self.connection, seen.file, measured, seen.source, self.scratch / "careful")
                self._looked_at(seen, rows)
                return

    def _guess_by_content(self, seen: _Seen, table: Table) -> dict[str, str]:
        """The columns of a file without a header: what looks like times or kinds, and ids in their order."""
        ids = [column.name for column in table.columns if column.type == "id" and column.required]
        guesses: dict[str, str] = {}
        for name in seen.columns:
            self._view("ours", seen, name)
            filled, as_text, _, digits, _ = self.connection.sql(sql_text("ingest/time_shape")).fetchall()[0]
            values = [str(v) for v, _ in self.connection.sql(sql_text("ingest/frequent_values")).fetchall()]
            known = [value for value in values if any(_plain_name(value) in w for w in KIND_WORDS.values())]
            if table.happens_at and (digits in _UNIT_BY_DIGITS or as_text > _ENOUGH * filled):
                guesses.setdefault(table.happens_at, name)
            elif "kind" in table.column_names and len(known) > _ENOUGH * len(values):
                guesses.setdefault("kind", name)
            elif ids:
                guesses[ids.pop(0)] = name
        return guesses

    def _view(self, name: str, seen: _Seen, column: str) -> None:
        self.connection.table(seen.view).project(f"{seen.columns[column]} AS v").create_view(
            name, replace=True
        )

    def _shared(self, seen: _Seen, column: str, table: str, key: str) -> float:
        """The share of a column's values that occur as the key of another table."""
        best = 0.0
        for other in self.seen:
            if other.table is not None and other.table.name == table and key in other.guesses:
                self._view("ours", seen, column)
                self._view("theirs", other, other.guesses[key])
                shared, looked_at = self.connection.sql(sql_text("ingest/shared_values")).fetchall()[0]
                best = max(best, shared / looked_at if looked_at else 0.0)
        return best

    # writing ----------------------------------------------------------------------------------------------

    def _head(self) -> str:
        lines = [
            "# Which file and column feeds which table. Lines with a question mark are guesses to check;",
            "# docs/INPUTS.md describes the tables. Check the whole with: vouch check --data DIR",
            "",
            f"network = {_toml(self.data_dir.resolve().name or 'main')}",
        ]
        if self.unread:
            lines += ["", "# Not read:", *(f"#   {_one_line(line)}" for line in self.unread)]
        return "\n".join(lines)

    def _section(self, seen: _Seen, *, is_one_of_several: bool) -> str:
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

    def _file_lines(self, seen: _Seen) -> list[str]:
        lines = [f"file = {_toml(seen.entry)}"]
        if seen.source.delimiter is not None:
            lines.append(f"delimiter = {_toml(seen.source.delimiter)}")
        if not seen.source.has_header:
            lines.append("header = false")
        if seen.source.encoding != "utf-8":
            lines.append(f"encoding = {_toml(seen.source.encoding)}{_ENCODING_DOUBTS[seen.source.encoding]}")
        return lines

    def _column_lines(self, seen: _Seen, table: Table, column: Column) -> list[str]:
        guess = self._guess_for(seen, table, column)
        if column.name == "kind" and seen.kind is not None:
            return [f"kind = {{ value = {_toml(seen.kind)} }}"]
        if guess is None:
            return self._missing_lines(seen, table, column)
        if not seen.source.has_header and column.type == "id":
            return [f"# {column.name} = {_toml(guess)} # ? {column.meaning}"]
        if column.choices or column.type == "flag":
            write = self._words_line if column.choices else self._flag_line
            return [write(seen, column, guess)]
        if table.name == "interactions" and column.name in {"actor_id", "target_id"}:
            return self._endpoint_lines(seen, column, guess)
        lines = [
            self._time_line(seen, column, guess)
            if column.type == "time"
            else f"{column.name} = {_toml(guess)}"
        ]
        if table.name == "follows" and column.name == "followee_id":
            lines.append(self._direction_comment(seen))
        return lines

    def _missing_lines(self, seen: _Seen, table: Table, column: Column) -> list[str]:
        """A required column that no column of the file looks like; one list of ids is one audience."""
        if (table.name, column.name) == ("audience_members", "audience"):
            name = _toml(stem_of(Path(seen.entry)))
            return [f"audience = {{ value = {name} }} # ? one list: this is its name"]
        return [f'# {column.name} = "?" # required: {column.meaning}'] if column.required else []

    def _guess_for(self, seen: _Seen, table: Table, column: Column) -> str | None:
        """The guess for a column; an interaction without an actor is done by whoever wrote the post."""
        guess, post = seen.guesses.get(column.name), seen.guesses.get("post_id")
        if guess is None and post is not None and (table.name, column.name) == ("interactions", "actor_id"):
            return post if self._shared(seen, post, "posts", "post_id") > _ENOUGH else None
        return guess

    def _time_line(self, seen: _Seen, column: Column, guess: str) -> str:
        self._view("ours", seen, guess)
        filled, as_text, as_number, digits, example = self.connection.sql(
            sql_text("ingest/time_shape")
        ).fetchall()[0]
        unit = _UNIT_BY_DIGITS.get(digits)
        if filled == 0 or as_text > _ENOUGH * filled:
            return f"{column.name} = {_toml(guess)}"
        if as_number > _ENOUGH * filled and unit is not None:
            return f"{column.name} = {{ column = {_toml(guess)}, unit = {_toml(unit)} }}"
        shown = _one_line(str(example))[:60]
        return f'# {column.name} = {{ column = {_toml(guess)}, format = "?" }} # for example {shown}'

    def _flag_line(self, seen: _Seen, column: Column, guess: str) -> str:
        """A column of yes and no; one of that name that holds addresses or words is left to the person."""
        self._view("ours", seen, guess)
        flags = self.connection.view("ours").aggregate(
            "count(v) AS filled, count(flag_value(v)) AS as_flag, "
            "min(v) FILTER (flag_value(v) IS NULL) AS example"
        )
        filled, as_flag, example = flags.fetchall()[0]
        if as_flag >= _ENOUGH * filled:
            return f"{column.name} = {_toml(guess)}"
        shown = _one_line(str(example))[:60]
        return f"# {column.name} = {_toml(guess)} # ? {column.meaning}: true or false, not {shown}"

    def _words_line(self, seen: _Seen, column: Column, guess: str) -> str:
        self._view("ours", seen, guess)
        found = [
            str(value) for value, _ in self.connection.sql(sql_text("ingest/frequent_values")).fetchall()
        ]
        known = KIND_WORDS if column.name == "kind" else LABEL_WORDS
        words = {
            value: word
            for value in found
            for word, names in known.items()
            if _plain_name(value) in names and value.lower() != word
        }
        unknown = [value for value in found if value not in words and value.lower() not in column.choices]
        comment = (
            f" # ? not known: {', '.join(_one_line(value)[:30] for value in unknown)}" if unknown else ""
        )
        if not words:
            return f"{column.name} = {_toml(guess)}{comment}"
        pairs = ", ".join(f"{_toml(value)} = {_toml(word)}" for value, word in words.items())
        return f"{column.name} = {{ column = {_toml(guess)}, values = {{ {pairs} }} }}{comment}"

    def _endpoint_lines(self, seen: _Seen, column: Column, guess: str) -> list[str]:
        """Who acted or was acted upon; where the values are ids of posts, their authors."""
        if not self._holds_posts(seen, guess):
            return [f"{column.name} = {_toml(guess)}"]
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

    def _holds_posts(self, seen: _Seen, guess: str) -> bool:
        """Whether a column's values are ids of posts rather than of accounts."""
        in_posts = self._shared(seen, guess, "posts", "post_id")
        return in_posts > _ENOUGH and in_posts > self._shared(seen, guess, "accounts", "account_id")

    def _direction_comment(self, seen: _Seen) -> str:
        most = []
        for name in ("follower_id", "followee_id"):
            if name not in seen.guesses:
                return "# ? The other end of the follow is still to be named."
            self._view("ours", seen, seen.guesses[name])
            frequent = self.connection.sql(sql_text("ingest/frequent_values")).fetchall()
            most.append(f"{seen.guesses[name]} up to {frequent[0][1]:,} times" if frequent else name)
        return (
            "# ? Check the direction: the most frequent followee should be somebody well known. "
            f"One account occurs as {_one_line(most[0])}, as {_one_line(most[1])}."
        )

    def _unknown(self, seen: _Seen) -> str:
        columns = ", ".join(_one_line(name) for name in seen.columns)
        lines = [
            f"# ? {_one_line(seen.entry)}: which table is it? Its columns: {columns}",
            "# [?]",
            *(f"# {line}" for line in self._file_lines(seen)),
        ]
        return "\n".join(lines)

    def _audiences(self) -> str:
        if any(seen.table is TABLE_BY_NAME["audience_members"] for seen in self.seen):
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
            for seen in self.seen:
                if seen.table is TABLE_BY_NAME[table] and column in seen.guesses:
                    self._view("ours", seen, seen.guesses[column])
                    frequent = self.connection.sql(sql_text("ingest/frequent_values")).fetchall()
                    lines += [
                        f"# {key} = [{_toml(str(value))}] # {count:,} of the rows looked at"
                        for value, count in frequent[:_SHOWN_ACCOUNTS]
                    ]
                    return "\n".join(lines)
        return "\n".join([*lines, '# followers_of = ["@handle"]'])


def _guess_table(seen: _Seen) -> tuple[Table | None, str | None]:
    """The table that a file's name or columns speak for, and the one kind of interaction it holds, if so."""
    name = _plain_name(stem_of(Path(seen.entry)))
    for kind, names in KIND_FILES.items():
        if name in names:
            return TABLE_BY_NAME["interactions"], kind
    for table, names in TABLE_NAMES.items():
        if name in names:
            return TABLE_BY_NAME[table], None
    for table, names in TABLE_NAMES.items():
        if any(word in name for word in names):
            return TABLE_BY_NAME[table], None
    fitting = [
        (len(_guess_columns(table, list(seen.columns))), table)
        for table in TABLES
        if set(table.required) <= set(_guess_columns(table, list(seen.columns)))
    ]
    return (max(fitting, key=lambda fit: fit[0])[1], None) if fitting else (None, None)


def _guess_columns(table: Table, columns: list[str]) -> dict[str, str]:
    """Contract column to source column; each source column feeds one, the more telling names first."""
    names = {
        column.name: (_plain_name(column.name), *COLUMN_NAMES[table.name][column.name])
        for column in table.columns
    }
    candidates = sorted(
        (names[column.name].index(_plain_name(source)), position, column.name, source)
        for position, column in enumerate(table.columns)
        for source in columns
        if _plain_name(source) in names[column.name]
    )
    guesses: dict[str, str] = {}
    for _, _, name, source in candidates:
        if name not in guesses and source not in guesses.values():
            guesses[name] = source
    return guesses


def _knows_a_column(seen: _Seen) -> bool:
    """Whether any table would know any of the names in the header."""
    return any(_guess_columns(table, list(seen.columns)) for table in TABLES)


def _is_latin1(path: Path) -> bool:
    """Whether a text that is not UTF-8 is most likely all of another encoding, not UTF-8 with damage."""
    with path.open("rb") as stream:
        text = stream.read(_ENCODING_BYTES).decode("utf-8", errors="replace")
    damaged = text.count("\ufffd")
    return 2 * damaged > sum(not character.isascii() for character in text)


def _plain_name(name: str) -> str:
    """A name without letter case, accents and anything that is not a letter or a digit."""
    bare = unicodedata.normalize("NFKD", name.casefold())
    return "".join(character for character in bare if character.isalnum())


def _toml(text: str) -> str:
    """A text as a TOML basic string; JSON's escapes are TOML's, but for DEL, which JSON leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _one_line(text: str) -> str:
    """A text that cannot end a comment."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
