"""A home, and a webhook that listens on this machine."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from pipelines.alerts import WEBHOOK_VARIABLE, webhook
from pipelines.home import Home

SECRET = "s3cr3t-path"  # noqa: S105 - what must not be seen anywhere


@dataclass
class Webhook:
    """A real server that remembers what it got, and answers as it is told.

    Attributes:
        answers: Statuses of the next answers; 200 when there is none left.
        got: Bodies and keys of the posts.
    """

    answers: list[int] = field(default_factory=list)
    got: list[tuple[dict, str]] = field(default_factory=list)
    address: str = ""


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.delenv(WEBHOOK_VARIABLE, raising=False)
    monkeypatch.setenv("NO_PROXY", "*")
    return Home(tmp_path / "home")


@pytest.fixture
def hook(home, monkeypatch):
    monkeypatch.setattr(webhook, "PAUSE_FACTOR", 0.0)
    found = Webhook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.got.append((json.loads(body), self.headers["Idempotency-Key"]))
            self.send_response(found.answers.pop(0) if found.answers else 200)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.send_header("Retry-After", "3600")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    found.address = f"http://127.0.0.1:{server.server_port}/{SECRET}?token={SECRET}"
    yield found
    server.shutdown()
    server.server_close()
    thread.join()
