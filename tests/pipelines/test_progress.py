import io
import re

from pipelines.progress import LineObserver, SilentObserver, TerminalObserver, run_observer


class Terminal(io.StringIO):
    def isatty(self):
        return True


def tell(observer):
    observer.message("hello \x1b[2J[bold]")
    observer.step_started("graph [x]", 3)
    observer.step_finished("graph [x]", 1.25, "10 tables")
    observer.step_started("trust")


def test_a_log_gets_a_line_with_a_stamp_per_event():
    stream = io.StringIO()
    with run_observer(stream=stream) as observer:
        assert isinstance(observer, LineObserver)
        tell(observer)
    lines = stream.getvalue().splitlines()
    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ ", line) for line in lines)
    assert [line.split(" ", 1)[1] for line in lines] == [
        "hello [2J[bold]",
        "step 1/3 started: graph [x]",
        "finished in 1.2 s: graph [x]: 10 tables",
        "step 2/3 started: trust",
    ]


def test_a_terminal_gets_a_display_and_markup_stays_text():
    stream = Terminal()
    with run_observer(stream=stream) as observer:
        assert isinstance(observer, TerminalObserver)
        tell(observer)
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", stream.getvalue())
    assert "graph [x] 1.2 s: 10 tables" in shown
    assert "hello [2J[bold]" in shown


def test_how_long_it_will_take_is_said_in_round_figures_and_not_twice():
    stream = io.StringIO()
    observer = LineObserver(stream)
    for seconds in (8, 63, 64, 100, 1_300, 7_500):
        observer.will_take(seconds)
    said = [line.split(" ", 1)[1] for line in stream.getvalue().splitlines()]
    told = ("10 seconds", "60 seconds", "2 minutes", "20 minutes", "2.1 hours")
    assert said == [f"about {text} left" for text in told]


def test_a_terminal_counts_down():
    stream = Terminal()
    with run_observer(stream=stream) as observer:
        observer.step_started("graph", 3)
        observer.will_take(600)
        observer.step_started("trust", 3)
    assert "about 10 minutes left" in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", stream.getvalue())


def test_quiet_says_nothing():
    stream = Terminal()
    with run_observer(quiet=True, stream=stream) as observer:
        assert isinstance(observer, SilentObserver)
        tell(observer)
    assert stream.getvalue() == ""
