"""Why a publication can fail; in every case the file that was there before is whole."""

from __future__ import annotations

from pipelines.errors import VouchError


class PublishError(VouchError):
    """Nothing was published; the old file, if there is one, stands as it was."""


class PublishSourceError(PublishError):
    """The tables to publish are unknown, missing or unreadable."""


class PublishedRulesBrokenError(PublishError):
    """What was built breaks a rule of the published schema."""


class PublishStorageError(PublishError):
    """The disk or the folder does not take the file."""

    is_transient = True


class PublishBusyError(PublishError):
    """Another publisher holds the lock."""

    is_transient = True
