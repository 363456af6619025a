"""What a home publishes of single members: the settings of the run made last, and the salt of the pseudonyms.

The folder `privacy/` of the home holds both. The salt is made once and never leaves the folder, so that an
account has one pseudonym in every publication of the home and another one everywhere else. Whoever has the
salt can test guesses, so only the owner may read it. `vouch forget` uses this, so nothing heavy is imported.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from pipelines.errors import VouchError
from pipelines.settings import Privacy
from pipelines.writing import written_aside

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.home import Home

MEMBER_MARK = "m-"
"""What a pseudonym of a member begins with."""

POST_MARK = "p-"
"""What stands for the id of a post that such a member wrote begins with."""

_SALT_BYTES = 32
_KEPT_BYTES = 10  # 80 bits: among a hundred million members two alike are not to be expected
_OWNER_ONLY = 0o600
_OWNERS_FOLDER = 0o700


class PrivacyError(VouchError):
    """The settings or the salt of a home cannot be read."""


@dataclass(frozen=True)
class Pseudonyms:
    """The pseudonyms of a home.

    Attributes:
        salt: The key.
    """

    salt: bytes

    def member(self, account_id: str) -> str:
        """The pseudonym of an account."""
        return MEMBER_MARK + self._digest("account", account_id)

    def post(self, post_id: str) -> str:
        """What stands for the id of a post."""
        return POST_MARK + self._digest("post", post_id)

    def _digest(self, kind: str, identifier: str) -> str:
        text = f"{kind}:{identifier}".encode("utf-8", "surrogatepass")
        digest = hmac.new(self.salt, text, hashlib.sha256).digest()
        return base64.b32encode(digest[:_KEPT_BYTES]).decode("ascii").lower()


def keep_privacy(home: Home, privacy: Privacy) -> None:
    """Keep the settings of a run, for the publications after it."""
    with written_aside(_settings_file(home)) as partial:
        partial.write_text(json.dumps(asdict(privacy)) + "\n", encoding="ascii")


def kept_privacy(home: Home) -> Privacy:
    """The settings of the run made last; the defaults where none was made.

    Raises:
        PrivacyError: They are damaged. A publication must not go on without them, or it might name members.
    """
    path = _settings_file(home)
    if not path.exists():
        return Privacy()
    try:
        return Privacy(**json.loads(path.read_text(encoding="ascii")))
    except (OSError, ValueError, TypeError) as error:
        raise PrivacyError(
            f"{path}, which says whether members are named, cannot be read.",
            details=[str(error)],
            remedy="Run again: vouch run --data DIR writes it anew from the dataset.toml.",
        ) from error


def pseudonyms(home: Home) -> Pseudonyms:
    """The pseudonyms of a home; its salt is made where there is none yet.

    Raises:
        PrivacyError: The salt is damaged.
    """
    path = _salt_file(home)
    if not path.exists():
        path.parent.mkdir(mode=_OWNERS_FOLDER, parents=True, exist_ok=True)
        path.parent.chmod(_OWNERS_FOLDER)
        with written_aside(path) as partial:
            partial.touch(mode=_OWNER_ONLY)
            with partial.open("w", encoding="ascii") as file:
                file.write(secrets.token_hex(_SALT_BYTES) + "\n")
                file.flush()
                os.fsync(file.fileno())
    found = known_pseudonyms(home)
    if found is None:
        raise PrivacyError(f"The salt {path} cannot be written.", remedy="Call again.")
    return found


def known_pseudonyms(home: Home) -> Pseudonyms | None:
    """The pseudonyms of a home, or None where none were ever made.

    Raises:
        PrivacyError: The salt is damaged.
    """
    path = _salt_file(home)
    if not path.exists():
        return None
    try:
        salt = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise _damaged(path, str(error)) from error
    if len(salt) != _SALT_BYTES:
        raise _damaged(path, f"It holds {len(salt)} bytes, not {_SALT_BYTES}.")
    return Pseudonyms(salt)


def _damaged(path: Path, why: str) -> PrivacyError:
    return PrivacyError(
        f"The salt of the pseudonyms, {path}, cannot be read.",
        details=[why],
        remedy="Restore it from a backup, or delete it: every member then gets another pseudonym.",
    )


def _settings_file(home: Home) -> Path:
    return home.root / "privacy" / "settings.json"


def _salt_file(home: Home) -> Path:
    return home.root / "privacy" / "salt"
