"""A real browser for tests: headless Chromium, spoken to over its debugging pipe; nothing else is needed."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # nothing listens there, so that no request could be answered
    "--proxy-server=127.0.0.1:9",
)
_PATIENCE_S = 60.0


class PageError(AssertionError):
    """The page threw an error where a test asked it something."""


class Browser:
    """One tab.

    Attributes:
        requests: Addresses that the tab asked for since it was opened, apart from the page itself.
        complaints: What the page logged as an error, threw, or was refused by its own policy.
    """

    def __init__(self, process: subprocess.Popen[bytes], send_to: int, read_from: int) -> None:
        self._process, self._send_to, self._read_from = process, send_to, read_from
        self._number, self._rest = 0, b""
        self._session: str | None = None
        self.requests: list[str] = []
        self.complaints: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command of the protocol and its result."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._send_to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise PageError(f"{method}: {answer['error']}")
                return answer["result"]

    def close(self) -> None:
        """End the browser."""
        self._session = None
        self.call("Browser.close")

    def open(self, page: Path, fragment: str = "") -> None:
        """Load a page from the disk and wait until its script is done."""
        self.requests.clear()
        self.complaints.clear()
        self.call("Page.navigate", url="about:blank")
        self.call("Page.navigate", url=page.as_uri() + fragment)
        self.until(
            "document.readyState === 'complete' && (document.documentElement.classList.contains('is-ready')"
            " || !document.querySelector('#packed'))"
        )

    def ask(self, expression: str) -> Any:
        """The value of an expression in the page; a promise is awaited."""
        return self.do(f"return ({expression});")

    def do(self, body: str) -> Any:
        """Run the body of a function in the page; what it returns is the value."""
        found = self.call(
            "Runtime.evaluate",
            expression=f"(async () => {{ {body} }})()",
            awaitPromise=True,
            returnByValue=True,
            userGesture=True,
        )
        if "exceptionDetails" in found:
            raise PageError(found["exceptionDetails"]["exception"].get("description", "?"))
        return found["result"].get("value")

    def until(self, condition: str) -> None:
        """Wait until an expression is true in the page."""
        end = time.monotonic() + _PATIENCE_S
        while not self.ask(f"Boolean({condition})"):
            if time.monotonic() > end:
                raise PageError(f"never came true: {condition}; {self.complaints}")
            time.sleep(0.02)

    def press(self, key: str, code: int = 0, text: str = "") -> None:
        """Press a key."""
        for kind in ("keyDown", "keyUp"):
            extra = {"text": text} if text and kind == "keyDown" else {}
            self.call("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=code, **extra)

    def size(self, width: int, height: int) -> None:
        """The size of the window."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def media(self, media: str = "", **features: str) -> None:
        """What the page believes of its medium, such as `print`, or a dark scheme."""
        named = [
            {"name": f"prefers-{name.replace('_', '-')}", "value": value} for name, value in features.items()
        ]
        self.call("Emulation.setEmulatedMedia", media=media, features=named)

    def picture(self, path: Path, *, is_whole: bool = False) -> None:
        """What the window shows, or the whole page, as a PNG."""
        found = self.call("Page.captureScreenshot", captureBeyondViewport=is_whole)
        path.write_bytes(base64.b64decode(found["data"]))

    def pdf(self) -> bytes:
        """The page as it prints, on the paper that it asks for."""
        found = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        return base64.b64decode(found["data"])

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            if not select.select([self._read_from], [], [], _PATIENCE_S)[0]:
                raise PageError("the browser does not answer")
            piece = os.read(self._read_from, 1 << 20)
            if not piece:
                raise PageError("the browser is gone")
            self._rest += piece
        message, self._rest = self._rest.split(b"\0", 1)
        answer = json.loads(message)
        self._notice(answer.get("method"), answer.get("params", {}))
        return answer

    def _notice(self, method: str | None, about: dict[str, Any]) -> None:
        if method == "Network.requestWillBeSent" and about.get("type") != "Document":
            self.requests.append(about["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            details = about["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Log.entryAdded" and about["entry"]["level"] == "error":
            self.complaints.append(about["entry"]["text"])
        elif method == "Runtime.consoleAPICalled" and about["type"] in {"error", "assert"}:
            self.complaints.append(str(about["args"]))


@contextmanager
def started(profile: Path) -> Generator[Browser]:
    """A browser for the length of the block."""
    read_commands, send_to = os.pipe()
    read_from, write_answers = os.pipe()
    options = [*QUIET, f"--user-data-dir={profile}", "--remote-debugging-pipe"]
    # Chromium takes commands from descriptor 3 and answers on 4.
    script = f'exec "$0" "$@" 3<&{read_commands} 4>&{write_answers}'
    with subprocess.Popen(
        ["bash", "-c", script, str(CHROMIUM), *options],
        pass_fds=(read_commands, write_answers),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        os.close(read_commands)
        os.close(write_answers)
        try:
            browser = Browser(process, send_to, read_from)
            yield browser
            browser.close()
        finally:
            os.close(send_to)
            os.close(read_from)
            if process.poll() is None:
                process.terminate()
