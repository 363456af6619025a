"""The way in and the way out: streams, exit codes, failures."""

import errno
import io
import os
import pty
import select
import signal
import subprocess
import sys

import duckdb
import polars as pl
import pytest
from click.testing import CliRunner

from pipelines.cli import app, vouch
from pipelines.cli.failure import report_failure
from pipelines.errors import VouchError

COMMANDS = [
    "demo", "init", "check", "run", "top", "why", "compare", "find", "history", "runs", "diff", "label",
    "portfolio", "export", "completion", "forget", "doctor",
]  # fmt: skip


def on_a_terminal(home, *arguments, columns=80, **environment):
    """Call `vouch` with standard output on a pseudo-terminal; give what it showed and the exit code."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", "--home", str(home), *arguments],
        stdout=follower,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        env=os.environ | {"COLUMNS": str(columns), "TERM": "xterm-256color"} | environment,
    )
    os.close(follower)
    shown = bytearray()
    with os.fdopen(leader, "rb", buffering=0) as screen:
        while select.select([screen], [], [], 30)[0]:
            try:
                piece = screen.read(65536)
            except OSError as error:
                assert error.errno == errno.EIO  # noqa: PT017 - Linux says so when the other end is closed
                break
            if not piece:
                break
            shown += piece
    return shown.decode(), process.wait(timeout=30)


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
def test_the_range_of_a_rank_is_always_shown(home, columns):
    shown, code = on_a_terminal(home, "top", columns=columns)
    assert code == 0
    assert "range" in shown
    assert "1–3" in shown


def test_help_lists_every_command_without_importing_any():
    code = (
        "import sys; from click.testing import CliRunner; from pipelines.cli import vouch;"
        "print(CliRunner().invoke(vouch, ['--help']).stdout);"
        "assert not {'dagster', 'polars', 'rich', 'duckdb'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(f"\n  {name} " in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name):
    result = CliRunner().invoke(vouch, [name, "--help"])
    assert result.exit_code == 0
    assert "--home DIR" in result.stdout


def test_reading_imports_neither_orchestrator_nor_frames(home):
    code = (
        "import sys; from click.testing import CliRunner; from pipelines.cli import vouch;"
        f"r = CliRunner().invoke(vouch, ['--home', {str(home)!r}, 'top', '--json']); assert r.exit_code == 0;"
        f"r = CliRunner().invoke(vouch, ['--home', {str(home)!r}, 'why', '100']); assert r.exit_code == 0;"
        "assert not {'dagster', 'polars', 'rich', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_wrong_command_is_a_wrong_call(process):
    done = process("tpo")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Did you mean 'top'?" in done.stderr


@pytest.mark.parametrize("arguments", [("top", "--min-trust", "7"), ("why",), ("top", "--jsn"), ("export",)])
def test_wrong_options_are_a_wrong_call(call, arguments):
    assert call(*arguments).exit_code == 2


def test_nothing_published_is_handled(process, tmp_path):
    done = process("top", at=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "vouch demo" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_table_on_a_terminal_of_80_columns_keeps_handles_whole(home):
    shown, code = on_a_terminal(home, "top")
    assert code == 0
    plain = shown
    for part in ("\x1b[0m", "\x1b[32m", "\x1b[33m", "\x1b[31m", "\x1b[2m", "\x1b[1m"):
        plain = plain.replace(part, "")
    lines = plain.splitlines()
    assert max(len(line) for line in lines) <= 80
    assert "@maria.runs" in plain
    assert "recommended" in plain
    assert "3.0 %" in plain
    assert "@[bold]markup[/bold]" in plain
    assert "evil[2J]0;ownedname" in plain


@pytest.mark.parametrize(
    "arguments",
    [("top",), ("top", "--format", "csv"), ("top", "--json"), ("portfolio",), ("why", "102"), ("why", "100")],
)
def test_hostile_names_send_no_escape_to_a_terminal(home, arguments):
    shown, code = on_a_terminal(home, *arguments, NO_COLOR="1", TERM="dumb")
    assert code == 0
    assert not any(character in shown for character in "\x1b\x07\x9b\u202e")


def test_no_color_is_respected(home):
    coloured, _ = on_a_terminal(home, "top")
    assert "\x1b[32m" in coloured
    assert "\x1b[3" not in on_a_terminal(home, "top", NO_COLOR="1")[0]


def test_a_closed_pipe_is_quiet(home):
    command = f"{sys.executable} -m pipelines.cli --home {home} -q top --format jsonl | true"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")  # noqa: PTH110 - a device
def test_a_full_disk_behind_standard_output_is_handled(home):
    command = f"{sys.executable} -m pipelines.cli --home {home} top > /dev/full"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "The disk is full" in done.stderr
    assert "Traceback" not in done.stderr


def test_interruption_leaves_with_130(tmp_path):
    """The command says when it is at work, so that the signal does not meet its imports."""
    code = (
        "import sys, time; import pipelines.cli.reading as reading\n"
        "def wait(path): print('at work', file=sys.stderr, flush=True); time.sleep(60)\n"
        "reading.open_published = wait; sys.argv = ['vouch', 'top']\n"
        "from pipelines.cli import main; main()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    ) as process:
        assert process.stderr.readline() == "at work\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, "")
    assert "Interrupted" in err
    assert "Traceback" not in err


@pytest.fixture
def failing(monkeypatch):
    """A command that raises what it is told to."""

    def fail(error, *options):
        def raise_it(*_arguments, **_options):
            raise error

        monkeypatch.setattr("pipelines.cli.reading.open_published", raise_it)
        return CliRunner().invoke(vouch, [*options, "top"])

    return fail


def test_a_handled_failure_shows_message_details_and_remedy(failing):
    result = failing(VouchError("It broke \x1b[2J.", remedy="Mend it.", details=["here", "there"]))
    assert result.exit_code == 1
    assert result.stderr == "Stopped: It broke [2J.\n  - here\n  - there\nMend it.\n"


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.ENOSPC, "The disk is full: /some/file"),
        (errno.EACCES, "Permission denied: /some/file"),
        (errno.EROFS, "The file system is read-only: /some/file"),
    ],
)
def test_refusals_of_the_system_are_handled(failing, number, says):
    result = failing(OSError(number, os.strerror(number), "/some/file"))
    assert result.exit_code == 1
    assert says in result.stderr
    assert "defect" not in result.stderr


def test_a_handled_error_is_found_inside_what_a_library_made_of_it(failing):
    wrapped = RuntimeError("step failed")
    wrapped.__cause__ = VouchError("The reason.")
    assert failing(wrapped).stderr == "Stopped: The reason.\n"
    told = duckdb.IOException("IO Error: could not write block: No space left on device")
    assert "The disk is full" in failing(told).stderr


def test_a_defect_says_that_it_is_one_and_debug_shows_where(failing):
    result = failing(ZeroDivisionError("oh"))
    assert result.exit_code == 1
    assert "a defect in Vouch (ZeroDivisionError: oh)" in result.stderr
    assert "Traceback" not in result.stderr
    assert "Traceback" in failing(ZeroDivisionError("oh"), "--debug").stderr


def test_interruption_inside_a_command(failing):
    assert failing(KeyboardInterrupt()).exit_code == 130


def test_memory(capsys):
    assert report_failure(MemoryError()) == 1
    assert "Memory ran out" in capsys.readouterr().err


def test_main_gives_the_exit_code(monkeypatch, home):
    monkeypatch.setattr(sys, "argv", ["vouch", "--home", str(home), "top", "-n", "0"])
    with pytest.raises(SystemExit) as left:
        app.main()
    assert left.value.code == 2


def test_parquet_goes_to_a_pipe_as_bytes_and_not_to_a_terminal(home):
    command = [sys.executable, "-m", "pipelines.cli", "--home", str(home), "top", "-q", "--format", "parquet"]
    piped = subprocess.run(command, capture_output=True, check=True)
    assert pl.read_parquet(io.BytesIO(piped.stdout)).height == 10
    assert piped.stderr == b""
    shown, code = on_a_terminal(home, "top", "--format", "parquet")
    assert (shown, code) == ("", 2)


@pytest.fixture
def closed(monkeypatch, tmp_path):
    """Neither source nor caches may be written, nor does anybody name a folder; root may write everywhere."""
    monkeypatch.setattr(app.os, "access", lambda *_: False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    yield tmp_path / f"vouch-code-{os.getuid()}"
    os.environ.pop("NUMBA_CACHE_DIR", None)


@pytest.mark.parametrize(
    ("may_write", "is_given"),
    [("nothing", True), ("source", False), ("caches", False)],
)
def test_kernels_have_a_folder_where_neither_source_nor_caches_may_be_written(
    monkeypatch, closed, may_write, is_given
):
    allowed = {"source": app.Path(app.__file__).parents[2] / "graph", "caches": closed.parent}.get(may_write)
    monkeypatch.setattr(app.os, "access", lambda path, _: path == allowed)
    monkeypatch.setenv("NUMBA_CACHE_DIR", "somebody's own")
    app.keep_machine_code_somewhere()
    assert os.environ["NUMBA_CACHE_DIR"] == "somebody's own"
    for _ in range(2):  # the second call finds what the first has compiled
        del os.environ["NUMBA_CACHE_DIR"]
        app.keep_machine_code_somewhere()
        assert os.environ.get("NUMBA_CACHE_DIR") == (str(closed) if is_given else None)
        os.environ.setdefault("NUMBA_CACHE_DIR", "")
    assert [path.name for path in closed.parent.iterdir()] == ([closed.name] if is_given else [])
    if is_given:
        assert closed.stat().st_mode & 0o077 == 0  # what lies in it is executed


@pytest.mark.parametrize("kind", ["open to others", "somebody else's", "a link", "a file"])
def test_kernels_take_no_folder_that_somebody_else_may_have_filled(monkeypatch, closed, kind):
    if kind == "a link":
        (closed.parent / "theirs").mkdir(mode=0o700)
        closed.symlink_to(closed.parent / "theirs")
    elif kind == "a file":
        closed.touch(0o600)
    else:
        closed.mkdir()
        closed.chmod(0o770 if kind == "open to others" else 0o700)
    if kind == "somebody else's":
        user = os.getuid()
        closed.rename(closed.with_name(f"vouch-code-{user + 1}"))
        monkeypatch.setattr(app.os, "getuid", lambda: user + 1)
    app.keep_machine_code_somewhere()
    assert "NUMBA_CACHE_DIR" not in os.environ


def test_where_no_temporary_folder_is_to_be_had_the_call_goes_on(monkeypatch, closed):
    monkeypatch.setattr("tempfile.tempdir", str(closed / "not" / "there"))
    app.keep_machine_code_somewhere()
    assert "NUMBA_CACHE_DIR" not in os.environ


def test_whoever_has_to_compile_without_a_folder_is_told_which_to_name(failing):
    said = "cannot cache function 'f': no locator available for file '/x/graph/a.py'"
    result = failing(RuntimeError(said))
    assert result.exit_code == 1
    assert "defect" not in result.stderr
    assert "NUMBA_CACHE_DIR" in result.stderr
    assert "TMPDIR" in result.stderr
