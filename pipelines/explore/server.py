"""Serving the page to a browser on the same machine, and to nobody else.

The page shows people's data and takes SQL, so it listens on this machine only, answers only to the names of
this machine (a foreign site cannot point its own name here), and tells the browser to load nothing from
anywhere else. `vouch app --edit` is marimo's own editor, with its token.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import webbrowser
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import marimo
import uvicorn
from starlette.responses import PlainTextResponse

from pipelines.errors import VouchError
from pipelines.home import HOME_VARIABLE
from pipelines.writing import written_aside

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.home import Home

HOST = "127.0.0.1"
DEFAULT_PORT = 8050
NOTEBOOK = Path(__file__).with_name("notebook.py")
EDITOR_SETTINGS = "[tool.marimo.runtime]\nauto_instantiate = true\n"
"""For marimo's editor: cells run when the notebook is opened."""
STYLES = "templates/page.css"
"""The notebook's styles, as it names them."""
SESSION_SECONDS = 60
"""How long a page that was closed may come back to its widgets."""

LEAVE_SECONDS = 2.0
"""How long open pages may take to end."""

POLICY = (
    "default-src 'self'; "
    "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; "
    "font-src 'self' data:; "
    "connect-src 'self' data: blob:; "
    "worker-src 'self' blob:; "
    "frame-src 'self' data: blob:; "
    "object-src 'none'; "
    "base-uri 'self'; "
    "form-action 'self'; "
    "frame-ancestors 'none'"
)
"""What the browser may load: this server's own files. The page's scripts are marimo's."""


class PortTakenError(VouchError):
    """Another program listens there."""


def free_port(asked: int | None) -> int:
    """The port to listen on: the one asked for, else the usual one, else any.

    Raises:
        PortTakenError: The port asked for is taken or not to be had.
    """
    for port in (asked,) if asked is not None else (DEFAULT_PORT, 0):
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError as error:
                if asked is not None:
                    why = "is taken" if error.errno == errno.EADDRINUSE else "cannot be used"
                    raise PortTakenError(
                        f"Port {port} {why} on this machine.",
                        remedy="Name another with --port, or leave it out.",
                    ) from error
            else:
                return int(probe.getsockname()[1])
    raise PortTakenError("No port is free on this machine.")


def serve(home: Home, port: int, *, opens_browser: bool) -> NoReturn:
    """Serve the page until somebody stops it, which ends the process."""
    os.environ[HOME_VARIABLE] = str(home.root)
    pages: list[Any] = []

    def guard(page: Any) -> Any:
        pages.append(page)
        return guarded(page, port)

    middleware: list[Any] = [guard]
    builder = marimo.create_asgi_app(quiet=True, session_ttl=SESSION_SECONDS)
    whole = builder.with_app(path="", root=str(NOTEBOOK), middleware=middleware).build()
    config = uvicorn.Config(whole, host=HOST, port=port, log_level="warning", timeout_graceful_shutdown=1)
    if opens_browser:
        opening = threading.Timer(1.0, webbrowser.open, [f"http://{HOST}:{port}/"])
        opening.daemon = True
        opening.start()
    with contextlib.suppress(KeyboardInterrupt):  # the way to end it, and no failure
        uvicorn.Server(config).run()
    for page in pages:
        page.state.session_manager.close_all_sessions()
    _leave()


def _leave() -> NoReturn:
    """End the process when the open pages have, or shortly after.

    A page's thread may sit inside the database: to end the interpreter under it aborts the process, and to
    wait for it could take as long as somebody's question. Everything was only read, so nothing is lost.
    """
    end = time.monotonic() + LEAVE_SECONDS
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join(max(0.0, end - time.monotonic()))
    sys.stderr.flush()
    os._exit(0)


def own_notebook(home: Home) -> Path:
    """The notebook in the home, for somebody's own cells; made from this Vouch's where there is none yet."""
    target = home.notebooks / "second_question.py"
    target.parent.mkdir(parents=True, exist_ok=True)
    (target.parent / "pyproject.toml").write_text(EDITOR_SETTINGS, encoding="utf-8")
    if not target.exists():
        styles = NOTEBOOK.parent / STYLES
        text = NOTEBOOK.read_text(encoding="utf-8").replace(_in_source(STYLES), _in_source(str(styles)))
        with written_aside(target) as partial:
            partial.write_text(text, encoding="utf-8")
    return target


def _in_source(text: str) -> str:
    """The text as it stands in source code, between double quotes."""
    return json.dumps(text)


def edit(home: Home, notebook: Path, port: int, *, opens_browser: bool) -> int:
    """Open a notebook with its cells in marimo's editor; gives its exit code.

    What the editor keeps of the cells' output beside the notebook goes when it ends: people's data live in
    the published file alone.
    """
    command = [sys.executable, "-m", "marimo", "edit", str(notebook), "--host", HOST, "--port", str(port)]
    command += ["--skip-update-check", *([] if opens_browser else ["--headless"])]
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends this ends the editor as well
    editor = subprocess.Popen(command, env={**os.environ, HOME_VARIABLE: str(home.root)})  # noqa: S603 - this very notebook
    try:
        return editor.wait()
    except KeyboardInterrupt:  # the way to end it, and no failure
        editor.terminate()
        editor.wait()
        return 0
    finally:
        shutil.rmtree(notebook.parent / "__marimo__", ignore_errors=True)


def guarded(page: Any, port: int) -> Callable[..., Any]:
    """The page for its own addresses alone, with the policy on each of its answers.

    A name of somebody else's that points at this machine is refused by its `Host`, and a foreign site's own
    requests and connections, which a browser lets through to this machine, by their `Origin`.
    """
    names = {f"{name}:{port}".encode() for name in (HOST, "localhost")}
    origins = {b"http://" + name for name in names}
    headers = [(b"content-security-policy", POLICY.encode()), (b"referrer-policy", b"no-referrer")]

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        async def guarded_send(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", []), *headers]}
            await send(message)

        sent = dict(scope.get("headers", ()))
        if scope["type"] not in {"http", "websocket"}:
            await page(scope, receive, send)
        elif sent.get(b"host") in names and sent.get(b"origin", next(iter(origins))) in origins:
            await page(scope, receive, guarded_send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await PlainTextResponse("This page answers to its own address alone.", 403)(scope, receive, send)

    return answer
