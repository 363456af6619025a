"""One whole run on a small generated world, as a person starts it."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date

import dagster as dg
import polars as pl
import pytest
from dagster._core.errors import DagsterExecutionInterruptedError

from pipelines.alert_sensors import failure_alert_of
from pipelines.alerts import AlertSettings, keep_alert
from pipelines.closed_paths import OURS
from pipelines.demo_world import generate_world, write_world
from pipelines.errors import VouchError
from pipelines.explore.reading import open_file, read_audience, read_audiences
from pipelines.explore.what_if import Difference, Wish, choose, difference, published_wish
from pipelines.home import Home
from pipelines.instance import home_instance
from pipelines.lake import Lake
from pipelines.progress import SilentObserver
from pipelines.published import open_published
from pipelines.requests import Source, last_source
from pipelines.run import _chosen, _readable, run_pipeline
from pipelines.storage_errors import HomeStorageError
from pipelines.taking_turns import HomeBusyError, alone_in

DAY = date(2026, 10, 31)
NETWORK_STEPS, AUDIENCE_STEPS = 10, 13


@dataclass
class Listener(SilentObserver):
    """Remembers what it hears."""

    started: list[tuple[str, int | None]] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)

    def step_started(self, name, total=None):
        self.started.append((name, total))

    def step_finished(self, name, seconds, note=""):  # noqa: ARG002 - the protocol's parameter
        assert seconds >= 0
        self.finished.append(name)


@dataclass
class Ran:
    home: Home
    source: Source
    truth: pl.DataFrame
    listener: Listener
    outcome: object
    names: list[str]


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    root = tmp_path_factory.mktemp("run")
    world = generate_world(5, 1000)
    source = Source(str(write_world(world, root / "data")), picks=4)
    home, listener = Home(root / "home"), Listener()
    outcome = run_pipeline(home, source, as_of=DAY, observer=listener)
    return Ran(home, source, world.truth, listener, outcome, list(outcome.audiences))


def rows(home, query, **params):
    with open_published(home.published) as connection:
        return connection.execute(query, params).fetchall()


def test_the_observer_heard_every_step_once(ran):
    heard = [name for name, _ in ran.listener.started]
    assert heard == ran.listener.finished
    assert max(Counter(heard).values()) == 1
    per_audience = Counter(name.partition(" · ")[2] for name in heard)
    assert {per_audience[name] for name in ran.names} == {AUDIENCE_STEPS}
    assert ran.listener.started[-1][1] == len(heard)
    assert heard[0] == "input tables"


def test_the_outcome_names_what_was_made(ran):
    assert ran.outcome.as_of == DAY
    assert ran.names == sorted(ran.names)
    assert len(ran.names) == 2
    assert ran.outcome.published == ran.home.published
    assert ran.outcome.published.exists()
    assert ran.outcome.seconds > 0
    assert "of the followers that the profiles claim" in " ".join(ran.outcome.worth_knowing)


def test_whatever_lies_in_the_home_is_looked_at_where_something_was_refused(ran):
    assert {path.name for path in ran.home.root.iterdir()} <= set(OURS)


def test_the_source_is_remembered_and_scratch_is_gone(ran):
    assert last_source(ran.home) == ran.source
    assert not ran.home.scratch.exists()
    assert not [
        path for path in ran.home.root.rglob("*") if ".partial" in path.name or ".building" in path.name
    ]


def test_the_published_file_opens_and_every_macro_runs(ran):
    handles = rows(ran.home, "SELECT handle FROM ranked_partners ORDER BY audience, rank LIMIT 2")
    first, second = (row[0] for row in handles)
    for query in (
        "FROM help()",
        "FROM top_partners()",
        f"FROM portfolio_of('{ran.names[0]}')",
        "FROM why($h)",
        "FROM neighbours($h, 1)",
        "FROM similar_to($h)",
        "FROM between_two($h, $other)",
        "FROM shared_followers($h, $other)",
        "FROM ego($h)",
        "FROM history($h)",
    ):
        named = {"h": first} if "$h" in query else {}
        named |= {"other": second} if "$other" in query else {}
        assert rows(ran.home, query, **named) is not None, query
    assert rows(ran.home, "FROM why($h)", h=first)
    assert rows(ran.home, "FROM history($h)", h=first)


def test_ranks_are_whole_in_every_audience(ran):
    query = "SELECT audience, rank, rank_low, rank_high FROM ranked_partners ORDER BY audience, rank"
    found = rows(ran.home, query)
    for name in ran.names:
        ranks = [row[1:] for row in found if row[0] == name]
        assert [rank for rank, _, _ in ranks] == list(range(1, len(ranks) + 1))
        assert all(low <= rank <= high for rank, low, high in ranks)
        assert len(ranks) > 20


def test_hardly_any_planted_shill_is_recommended_among_the_first_twenty(ran):
    """One buyer of followers at density 0.35 looks like its neighbours to every signal measured here."""
    shills = set(ran.truth.filter("is_shill")["account_id"])
    query = "SELECT account_id FROM ranked_partners WHERE rank <= 20 AND status = 'recommended'"
    recommended = {account_id for (account_id,) in rows(ran.home, query)}
    assert len(recommended) >= 10
    assert len(shills & recommended) <= 1


def test_run_ids_tie_the_tables_together(ran):
    for table in ("runs", "partner_rankings", "evidence", "portfolio", "communities"):
        found = rows(ran.home, f"SELECT DISTINCT run_id FROM {table}")  # noqa: S608 - names of the schema
        assert found == [(ran.outcome.run_id,)], table
    as_of, generated = rows(ran.home, "SELECT DISTINCT as_of, is_generated FROM runs")[0]
    assert (as_of, generated) == (DAY, True)


def test_every_check_of_the_run_is_published(ran):
    checks = rows(ran.home, "SELECT asset, check_name, passed FROM quality.checks")
    assert Counter(name for _, name, _ in checks) == {
        "rows_balance": 1, "nothing_refused": 1, "every_audience_can_be_ranked": 1, "edges_balance": 1,
        "probabilities_hold_together": 1, "audience_has_weight": 2, "ranks_are_whole": 2,
        "somebody_is_listed": 2, "baseline_is_large_enough": 2,
    }  # fmt: skip
    assert all(passed for _, _, passed in checks)
    found = dict(rows(ran.home, "SELECT check_name, detail FROM quality.checks"))
    assert found["rows_balance"] == "tables that do not balance: no rows"
    assert found["audience_has_weight"].startswith("members known to the network: ")
    assert "weight lost by main reason: reason " in found["audience_has_weight"]


def test_picks_are_the_portfolio_and_never_avoided(ran):
    picks = rows(
        ran.home, "SELECT audience, account_id, status FROM ranked_partners WHERE is_pick ORDER BY ALL"
    )
    plan = rows(ran.home, "SELECT audience, account_id FROM portfolio WHERE plan = 'count' ORDER BY ALL")
    assert [row[:2] for row in picks] == plan
    assert {status for _, _, status in picks} <= {"recommended"}
    assert max(Counter(audience for audience, _ in plan).values(), default=0) <= 4


def test_an_untouched_what_if_is_the_published_portfolio(ran):
    """The page for the second question starts from the published figures, to the last digit."""
    same = (
        "account_id", "adds", "adds_share", "cumulative_reach", "cumulative_share", "new_members",
        "cumulative_members", "cumulative_members_share",
    )  # fmt: skip
    with closing(open_file(ran.home.published)) as connection:
        views = [read_audience(connection, about) for about in read_audiences(connection)]
    assert any(view.plans for view in views)
    for view in views:
        published = view.plans.get("count", [])
        found = choose(view, published_wish(view, "count"), "count")
        assert [[row[name] for name in same] for row in found.rows] == [
            [row[name] for name in same] for row in published
        ]
        if published:
            assert difference(found, published) == Difference([], [], 0.0, 0)
            dropped = Wish(picks=4, dropped=(published[0]["account_id"],))
            assert choose(view, dropped, "count").reach_share < found.reach_share


def test_a_second_run_of_the_day_finds_the_same(ran):
    query = """
        SELECT audience, rank, rank_low, rank_high, account_id, status, score, trust_low, shill_probability
        FROM ranked_partners WHERE audience = $name ORDER BY rank
    """
    name = ran.names[0]
    before = rows(ran.home, query, name=name)
    again = run_pipeline(ran.home, ran.source, audiences=[name], as_of=DAY, observer=SilentObserver())
    assert again.audiences == (name,)
    assert rows(ran.home, query, name=name) == before
    assert len(rows(ran.home, "SELECT DISTINCT run_id FROM partner_rankings")) == 2
    assert rows(ran.home, "SELECT count(*) FROM rank_changes")[0][0] == 0


def test_an_unknown_audience_is_told_with_those_there_are(ran):
    with pytest.raises(VouchError, match="No audience called 'nobody'") as caught:
        _chosen(ran.names, ["nobody", ran.names[0]], {})
    assert [f"there is {name}" for name in ran.names] == list(caught.value.details)
    assert _chosen(ran.names, [], {}) == ran.names
    assert _chosen(ran.names, [ran.names[1]], {}) == [ran.names[1]]
    with pytest.raises(VouchError, match="no audience"):
        _chosen([], [], {})


def test_an_audience_that_cannot_be_ranked_is_left_out_and_alone_stops_with_why():
    assert _chosen(["fans"], [], {"lost": "Nobody."}) == ["fans"]
    assert _chosen(["fans"], ["lost", "fans"], {"lost": "Nobody."}) == ["fans"]
    with pytest.raises(VouchError, match="Nobody can be ranked") as caught:
        _chosen(["fans"], ["lost"], {"lost": "Nobody."})
    assert list(caught.value.details) == ["audience 'lost': Nobody."]


@pytest.fixture
def small(tmp_path):
    """A dataset that runs in a second, and a published file that must not change."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "follows.csv").write_text("follower_id,followee_id\na,x\nb,x\nc,x\nd,x\n", encoding="utf-8")
    (data / "audience_members.csv").write_text(
        "audience,account_id,weight\nfans,a,1\nfans,b,1\nfans,c,1\n", encoding="utf-8"
    )
    home = Home(tmp_path / "home")
    home.root.mkdir()
    home.published.write_bytes(b"what was published before")
    return home, Source(str(data)), data


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("follows.csv", "someone,else\na,b\n", "follower_id"),
        ("follows.csv", "follower_id,followee_id\na,x\n,x\n,x\n", "followee_id|follower_id|reject"),
        ("audience_members.csv", "audience,account_id\nfans,nobody\n", "Its one member does not appear"),
        ("audience_members.csv", "audience,account_id,weight\nfans,a,0\n", "a weight above zero"),
    ],
    ids=["missing column", "too many rejects", "no known member", "no weight"],
)
def test_a_fault_in_the_data_leaves_what_is_published_alone(small, file, text, words):
    home, source, data = small
    (data / file).write_text(text, encoding="utf-8")
    with pytest.raises(VouchError) as caught:
        run_pipeline(home, source, as_of=DAY, observer=SilentObserver())
    assert any(word in str(caught.value) for word in words.split("|")), str(caught.value)
    assert home.published.read_bytes() == b"what was published before"
    assert last_source(home) is None
    assert not home.scratch.exists()


def test_a_check_that_stops_a_run_is_named_with_its_audience(small):
    home, source, _ = small

    class Meddler(Listener):
        def step_started(self, name, total=None):
            super().step_started(name, total)
            if name == "cleaned audience · fans":
                path = Lake(home.lake).inputs(DAY.isoformat()) / "audience_members.parquet"
                pl.read_parquet(path).with_columns(weight=pl.lit(0.0)).write_parquet(path)

    with pytest.raises(VouchError, match="A check stopped the run") as caught:
        run_pipeline(home, source, as_of=DAY, observer=Meddler())
    (said,) = caught.value.details
    assert said.startswith("cleaned_audience of 'fans' does not hold: At least one member is known")
    assert home.published.read_bytes() == b"what was published before"


def alerts_of(home):
    return [json.loads(path.read_text(encoding="utf-8")) for path in home.alerts.glob("*.json")]


def test_a_failure_that_nobody_watches_is_kept_as_an_alert_once(small):
    home, source, data = small
    (data / "audience_members.csv").write_text("audience,account_id\nfans,nobody\n", encoding="utf-8")
    for is_attended, alerts in ((True, 0), (False, 1)):
        with pytest.raises(VouchError):
            run_pipeline(home, source, as_of=DAY, observer=SilentObserver(), is_attended=is_attended)
        assert len(alerts_of(home)) == alerts
    (alert,) = alerts_of(home)
    assert alert["kind"] == "run_failed"
    assert alert["text"].startswith("A run of the job network has failed as of 2026-10-31")
    assert "Its one member does not appear" in " ".join(alert["details"])
    # the sensor of a daemon names the event alike
    with home_instance(home) as instance:
        newest = instance.get_runs(limit=1)[0].run_id
        event = failure_alert_of(instance, newest)
        assert not keep_alert(home, event, AlertSettings())


def test_an_alert_that_cannot_be_kept_does_not_hide_the_failure(small):
    home, source, _ = small
    home.alerts.write_text("no folder", encoding="utf-8")
    with pytest.raises(VouchError, match="No audience called"):
        run_pipeline(home, source, audiences=["x"], as_of=DAY, observer=SilentObserver(), is_attended=False)


def test_a_failure_between_jobs_is_kept_as_an_alert_and_an_interrupt_is_not(small):
    home, source, _ = small

    class Impatient(Listener):
        def step_started(self, name, total=None):
            super().step_started(name, total)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_pipeline(home, source, as_of=DAY, observer=Impatient(), is_attended=False)
    assert alerts_of(home) == []
    with pytest.raises(VouchError):
        run_pipeline(home, source, audiences=["x"], as_of=DAY, observer=SilentObserver(), is_attended=False)
    (alert,) = alerts_of(home)
    assert alert["text"].startswith("A run has failed: No audience called 'x' in the data.")
    assert alert["text"].endswith("What is published is whole.")  # it may be of this run


def test_a_run_that_is_refused_or_has_no_history_is_told_as_well(small):
    home, source, _ = small
    with alone_in(home), pytest.raises(HomeBusyError):
        run_pipeline(home, source, as_of=DAY, observer=SilentObserver(), is_attended=False)
    (busy,) = alerts_of(home)
    assert busy["text"].startswith("A run has failed: Another run is under way in ")
    history = home.dagster / "storage" / "history" / "runs.db"
    history.parent.mkdir(parents=True, exist_ok=True)
    history.write_bytes(b"no database" * 1000)
    with pytest.raises(HomeStorageError, match="history of runs") as caught:
        run_pipeline(home, source, as_of=DAY, observer=SilentObserver(), is_attended=False)
    assert "delete that file and nothing else" in str(caught.value.remedy)
    assert len(alerts_of(home)) == 2


def test_spill_files_of_another_run_in_the_home_are_left_alone(small):
    home, source, _ = small
    others = home.scratch / "publication-other" / "checks.parquet"
    others.parent.mkdir(parents=True)
    others.write_bytes(b"in use")
    with pytest.raises(VouchError, match="No audience called"):
        run_pipeline(home, source, audiences=["nobody"], as_of=DAY, observer=SilentObserver())
    assert list(home.scratch.rglob("*.parquet")) == [others]


@pytest.mark.parametrize("step", ["input tables", "follower graph"])
def test_ctrl_c_stops_at_once_and_leaves_what_is_published_alone(small, step):
    home, source, _ = small
    before = threading.active_count()

    class Impatient(Listener):
        def step_started(self, name, total=None):
            super().step_started(name, total)
            if name == step:
                os.kill(os.getpid(), signal.SIGINT)

    listener = Impatient()
    with pytest.raises(KeyboardInterrupt):
        run_pipeline(home, source, as_of=DAY, observer=listener)
    assert listener.started[-1][0] == step
    assert home.published.read_bytes() == b"what was published before"
    assert not home.scratch.exists()
    assert threading.active_count() <= before + 1


def wrapped(cause):
    outer = RuntimeError("step failed")
    outer.__cause__ = cause
    return outer


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt(), DagsterExecutionInterruptedError()])
def test_an_interrupt_is_found_under_whatever_wraps_it(interrupt):
    assert isinstance(_readable(interrupt), KeyboardInterrupt)
    assert isinstance(_readable(wrapped(interrupt)), KeyboardInterrupt)
    failure = dg.Failure("Interrupted.", allow_retries=False)
    failure.__cause__ = interrupt
    assert isinstance(_readable(wrapped(failure)), KeyboardInterrupt)


def test_the_error_to_read_is_the_handled_one_else_the_whole_chain():
    handled = VouchError("Mend this.")
    assert _readable(wrapped(handled)) is handled
    assert str(_readable(wrapped(dg.Failure("Said so.")))) == "Said so."
    defect = wrapped(ZeroDivisionError())
    assert _readable(defect) is defect
