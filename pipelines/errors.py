"""The errors a person is meant to read.

A `VouchError` is handled: the command line prints its message, its details and its remedy, and exits with 1,
never with a traceback. Packages derive their own named cases from it; anything else that escapes is a defect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence


class VouchError(Exception):
    """Something a person can mend, with the facts and the remedy.

    Attributes:
        message: What is wrong, in one sentence.
        details: Everything that is wrong, one line each; may be empty.
        remedy: What to do about it, or None where the message says it already.
        is_transient: Whether it may have passed by itself a little later, so that trying again is worth it.
    """

    is_transient: ClassVar[bool] = False

    def __init__(self, message: str, *, remedy: str | None = None, details: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.details = tuple(details)
        self.remedy = remedy

    def __str__(self) -> str:
        """Message, details and remedy, one under the other."""
        lines = [self.message, *(f"  - {detail}" for detail in self.details)]
        if self.remedy:
            lines.append(self.remedy)
        return "\n".join(lines)
