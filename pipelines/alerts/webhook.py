"""Posting an alert to a webhook: again where that may help, never for long, and without telling the address.

The address is a secret. The libraries below name it in their log lines and errors, so neither gets out of
here: log lines are held back while a post is under way, and errors are told in words of our own.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipelines.errors import VouchError

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from urllib3.util.retry import Retry

TIMEOUT_SECONDS = (5.0, 5.0)
"""To connect, and between two pieces of the answer: a sensor has a minute for all that it does."""

PAUSE_FACTOR = 0.5
"""Seconds between the second try and the third; they double from one to the next."""

MAY_PASS = (429, 500, 502, 503, 504)
"""Answers after which the same post is tried again at once."""

_TALKATIVE = ("urllib3.connectionpool", "urllib3.util.retry")


class WebhookError(VouchError):
    """The webhook did not take an alert."""

    is_transient = True


def post(address: str, payload: Mapping[str, Any], key: str) -> None:
    """Post a JSON object to a webhook.

    Args:
        address: Where to.
        payload: What.
        key: The same for the same alert, sent as `Idempotency-Key`.

    Raises:
        WebhookError: It could not be reached, or did not answer with a 2xx; never names the address.
    """
    # 0.1 CPU seconds, which every run would pay for its code location, and hardly a run posts anything.
    import requests  # noqa: PLC0415
    from requests.adapters import HTTPAdapter  # noqa: PLC0415

    host = urlsplit(address).hostname
    with _unlogged(), requests.Session() as session:
        for scheme in ("https://", "http://"):
            session.mount(scheme, HTTPAdapter(max_retries=_retries()))
        try:
            # A redirect would carry the alert to where nobody sent it; the text of the answer is not needed.
            with session.post(
                address,
                json=payload,
                headers={"Idempotency-Key": key, "User-Agent": "vouch"},
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
                stream=True,
            ) as answer:
                status = answer.status_code
        except requests.RequestException as error:
            raise WebhookError(f"The webhook at {host} cannot be reached ({type(error).__name__}).") from None
    if not 200 <= status < 300:
        raise WebhookError(f"The webhook at {host} answered with {status}.")


def _retries() -> Retry:
    from urllib3.util.retry import Retry  # noqa: PLC0415 - as above

    return Retry(
        total=2,
        backoff_factor=PAUSE_FACTOR,
        status_forcelist=MAY_PASS,
        allowed_methods=None,  # POST as well: the key lets the receiver see that it has the alert already
        raise_on_status=False,
        respect_retry_after_header=False,  # it may ask for hours; whoever delivers comes back by itself
    )


@contextmanager
def _unlogged() -> Generator[None]:
    """Hold back what the libraries below log."""

    def nothing(_: logging.LogRecord) -> bool:
        return False

    loggers = [logging.getLogger(name) for name in _TALKATIVE]
    for logger in loggers:
        logger.addFilter(nothing)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(nothing)
