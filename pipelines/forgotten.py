"""Whom a home has forgotten: a list of salted digests that every later run honours, and nothing else of them.

The folder `forgotten/` of the home holds the salt and one digest per line. A digest says of an id or handle
at hand whether it is on the list; the list alone names nobody. Whoever has the salt can test guesses, so
the folder is kept as private as the data. The ingest reads this, so nothing heavy is imported.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pipelines.errors import VouchError
from pipelines.writing import written_aside

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pipelines.home import Home

HANDLE_MARK = "handle:"
"""What stands before a handle when it is digested, so that an id that reads the same stays apart."""

_SALT_BYTES = 32
_OWNER_ONLY = 0o600


class ForgottenListError(VouchError):
    """The list of a home cannot be read."""


@dataclass(frozen=True)
class Forgotten:
    """A home's list.

    Attributes:
        salt: Hexadecimal text that goes before what is digested; empty where nobody was forgotten.
        digests: SHA-256 in hexadecimal of salt and id, or of salt, `HANDLE_MARK` and handle in lower case.
    """

    salt: str = ""
    digests: frozenset[str] = frozenset()

    def digest(self, text: str) -> str:
        """The digest of an id, or of a handle with its mark."""
        return hashlib.sha256((self.salt + text).encode()).hexdigest()

    def holds(self, account_id: str) -> bool:
        """Whether the account with this id was forgotten."""
        return bool(self.digests) and self.digest(account_id) in self.digests


NOBODY = Forgotten()


def forgotten_folder(home: Home) -> Path:
    """Where the list lies."""
    return home.root / "forgotten"


def read_forgotten(home: Home) -> Forgotten:
    """The list of a home; empty where there is none.

    Raises:
        ForgottenListError: It is damaged. A run must not go on without it, or it would bring somebody back.
    """
    folder = forgotten_folder(home)
    listed, salt = folder / "list.jsonl", folder / "salt"
    if not listed.exists():
        return NOBODY
    try:
        lines = listed.read_text(encoding="ascii").splitlines()
        digests = frozenset(json.loads(line)["digest"] for line in lines if line.strip())
        return Forgotten(salt.read_text(encoding="ascii").strip(), digests)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ForgottenListError(
            f"The list of forgotten persons in {folder} cannot be read.",
            details=[str(error)],
            remedy="Restore the folder from a backup: a run without it would bring back who is on it.",
        ) from error


def remember_to_forget(home: Home, account_ids: Iterable[str], handles: Iterable[str]) -> Forgotten:
    """Add persons to the list of a home; who is on it already stays as they are.

    Args:
        home: The home.
        account_ids: Their ids.
        handles: Their handles, without @.

    Raises:
        ForgottenListError: The list is damaged.
    """
    folder = forgotten_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    known = read_forgotten(home)
    salt = known.salt or _salt(folder / "salt")
    known = Forgotten(salt, known.digests)
    names = [*account_ids, *(HANDLE_MARK + handle.lower() for handle in handles)]
    new = sorted({known.digest(name) for name in names} - known.digests)
    listed = folder / "list.jsonl"
    before = listed.read_text(encoding="ascii") if listed.exists() else ""
    at = datetime.now(UTC).strftime("%Y-%m-%d")
    lines = "".join(json.dumps({"digest": digest, "forgotten_on": at}) + "\n" for digest in new)
    _write_durably(listed, before + lines)
    return Forgotten(salt, known.digests | set(new))


def _salt(path: Path) -> str:
    if not path.exists():
        _write_durably(path, secrets.token_hex(_SALT_BYTES) + "\n")
    return path.read_text(encoding="ascii").strip()


def _write_durably(path: Path, text: str) -> None:
    with written_aside(path) as partial:
        partial.touch(mode=_OWNER_ONLY)
        with partial.open("w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
