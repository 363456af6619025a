"""A headless Chromium that is told what to do over its own protocol, for pages that live on a connection."""

from __future__ import annotations

import base64
import itertools
import json
import shutil
import subprocess
import time
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from websockets.sync.client import connect

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
    # everything but this machine goes to where nothing listens
    "--proxy-server=127.0.0.1:9",
    "--proxy-bypass-list=127.0.0.1;localhost",
)
# Seen before any script of the page runs.
_WATCH = """
window.seen = {violations: [], errors: []};
addEventListener("securitypolicyviolation", (event) => seen.violations.push(event.blockedURI));
addEventListener("error", (event) => event.message && seen.errors.push(String(event.message)), true);
// text, also inside the widgets' shadow trees
window.allOf = (root, selector) => {
  const found = [...root.querySelectorAll(selector)];
  for (const part of root.querySelectorAll("*"))
    if (part.shadowRoot) found.push(...allOf(part.shadowRoot, selector));
  return found;
};
window.textOf = (root) => [root.innerText ?? "", ...[...root.querySelectorAll("*")]
  .filter((part) => part.shadowRoot).map((part) => [...part.shadowRoot.children]
  .filter((child) => child.tagName !== "STYLE").map((child) => textOf(child)).join("\\n"))].join("\\n");
"""


class Tab:
    """One page in the browser."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._numbers = itertools.count(1)
        self.requests: list[str] = []
        for domain in ("Page", "Runtime", "Network"):
            self.tell(f"{domain}.enable")
        self.tell("Page.addScriptToEvaluateOnNewDocument", source=_WATCH)

    def tell(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and wait for its answer; requests seen meanwhile are noted."""
        number = next(self._numbers)
        self._connection.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._connection.recv(timeout=60))
            if message.get("method") == "Network.requestWillBeSent":
                self.requests.append(message["params"]["request"]["url"])
            if message.get("id") == number:
                assert "error" not in message, message
                return message["result"]

    def open(self, address: str) -> None:
        """Go to an address."""
        self.tell("Page.navigate", url=address)

    def ask(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""
        found = self.tell("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def wait(self, expression: str, seconds: float = 40.0) -> Any:
        """The expression's value as soon as it is true."""
        value = self._soon(expression, seconds)
        if not value:
            said = " ".join(self.ask("textOf(document.body)").split())[:3000]
            raise AssertionError(f"never true: {expression}\n{said}")
        return value

    def _soon(self, expression: str, seconds: float) -> Any:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = self.ask(f"(() => {{ try {{ return {expression} }} catch (error) {{ return null }} }})()")
            if value:
                return value
            time.sleep(0.1)
        return None

    def click(self, element: str, until: str) -> None:
        """Click with the mouse on the middle of an element until something is true.

        A page that is still being laid out may move the element away under the mouse, so a click is repeated.

        Args:
            element: A JavaScript expression.
            until: Another, which the click makes true.
        """
        for _ in range(8):
            box = f"({element}).getBoundingClientRect()"
            at = self._soon(f"{box}.width && [{box}.x + {box}.width / 2, {box}.y + {box}.height / 2]", 5.0)
            if at:
                place = {"x": at[0], "y": at[1], "button": "left", "clickCount": 1}
                for kind in ("mousePressed", "mouseReleased"):
                    self.tell("Input.dispatchMouseEvent", type=kind, **place)
            if self._soon(until, 5.0):
                return
        self.wait(until, 0.5)

    def write(self, element: str, text: str) -> None:
        """Write a text into a field in place of what is there, and leave the field."""
        self.wait(f"(({element}).focus(), ({element}).select(), true)")
        self.tell("Input.insertText", text=text)
        for kind in ("keyDown", "keyUp"):
            self.tell("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)

    def picture(self, path: Path, width: int = 1400, height: int = 1000) -> None:
        """What the page looks like."""
        self.tell(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        time.sleep(0.7)
        found = self.tell("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(found["data"]))


@contextmanager
def browser_tab(profile: Path) -> Generator[Tab]:
    """A tab in a browser of its own, which is closed at the end."""
    process = subprocess.Popen(
        [str(CHROMIUM), *_OPTIONS, f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        port = _port(profile)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
            pages = [page for page in json.load(answer) if page["type"] == "page"]
        with connect(pages[0]["webSocketDebuggerUrl"], max_size=None, proxy=None) as connection:
            yield Tab(connection)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _port(profile: Path) -> int:
    said = profile / "DevToolsActivePort"
    for _ in range(300):
        if said.is_file() and "\n" in said.read_text(encoding="utf-8"):
            return int(said.read_text(encoding="utf-8").split("\n", maxsplit=1)[0])
        time.sleep(0.1)
    raise AssertionError("Chromium did not start")
