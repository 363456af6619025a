"""The sensors that tell people: what they notice, that they notice it once, and what a tick says."""

from __future__ import annotations

import json
import os

import dagster as dg
import pytest

from assets.partitions import RUN_ID_TAG
from pipelines.alert_sensors import alert_sensors
from pipelines.alerts import (
    RUN_FAILED,
    WEBHOOK_VARIABLE,
    Alert,
    AlertSettings,
    WebhookError,
    keep_alert,
    webhook,
)
from pipelines.home import Home
from pipelines.jobs import LAUNCHED_BY_TAG
from pipelines.resources import FolderIngest, handled_as_failure


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.delenv(WEBHOOK_VARIABLE, raising=False)
    return Home(tmp_path / "home")


@pytest.fixture
def by_name(home):
    return {sensor.name: sensor for sensor in alert_sensors(home)}


@pytest.fixture
def instance(tmp_path):
    with dg.DagsterInstance.ephemeral(tempdir=str(tmp_path)) as made:
        yield made


def tick(sensor, instance, cursor=None):
    with dg.build_sensor_context(instance=instance, cursor=cursor) as context:
        return sensor(context)


def kept(home):
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(home.alerts.glob("*.json"))]


def test_a_publication_is_looked_at_once(home, by_name, instance, publish_small):
    sensor = by_name["alert_on_publication"]
    assert "Nothing is published" in tick(sensor, instance).skip_message
    turned = """
    INSERT INTO runs BY NAME SELECT * REPLACE ('r2' AS run_id, as_of + 1 AS as_of) FROM runs;
    INSERT INTO partner_rankings BY NAME SELECT * REPLACE ('r2' AS run_id) FROM partner_rankings;
    UPDATE partner_rankings SET status = 'avoid' WHERE run_id = 'r2' AND account_id = 'id3';
    """
    assert publish_small(change=turned) == home.published
    first = tick(sensor, instance)
    assert first.skip_reason.skip_message.startswith("1 partner recommended to Runners")
    assert [alert["details"] for alert in kept(home)] == [["@Voice3: avoid (was number 4)"]]
    assert "Nothing was published since" in tick(sensor, instance, first.cursor).skip_message
    os.utime(home.published)
    again = tick(sensor, instance, first.cursor)
    assert again.skip_reason.skip_message == "Nothing to tell of the new publication."
    forgotten = tick(sensor, instance)  # somebody reset the cursor: the event has its file
    assert forgotten.skip_reason.skip_message == "Nothing to tell of the new publication."
    assert len(kept(home)) == 1


def failed_run(instance, error, tags=None, name="audience"):
    """A run of a job of one step that raises an error, and what the sensor sees of it."""

    @dg.op(name="partner_ranking")
    def step():
        with handled_as_failure():
            raise error

    @dg.job(name=name)
    def job():
        step()

    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    result = job.execute_in_process(
        instance=instance, raise_on_error=False, tags=tags or {}, run_config=quiet
    )
    event = next(event for event in result.all_events if event.event_type == dg.DagsterEventType.RUN_FAILURE)
    return dg.build_run_status_sensor_context(
        sensor_name="alert_on_failure",
        dagster_event=event,
        dagster_instance=instance,
        dagster_run=result.dagster_run,
    ).for_run_failure()


def test_a_failure_after_the_swap_does_not_say_that_nothing_was_published(home, by_name, instance):
    home.root.mkdir()
    by_name["alert_on_failure"](failed_run(instance, ValueError("no"), name="publish"))
    (found,) = kept(home)
    assert found["text"] == "A run of the job publish has failed. What is published is whole."


def test_a_failed_run_is_told_once_with_its_step_and_reason(home, by_name, instance):
    home.root.mkdir()
    home.alert_settings.write_text(
        "coverage_drop = 7\n", encoding="utf-8"
    )  # a fault elsewhere costs no alert
    tags = {
        "dagster/partition/audience": "a%7Cb", "dagster/partition/day": "2026-11-01", RUN_ID_TAG: "run-1",
        LAUNCHED_BY_TAG: "nightly",
    }  # fmt: skip
    context = failed_run(instance, ValueError("no\x1b[31m such\nthing " + "x" * 500), tags)
    for _ in range(2):
        by_name["alert_on_failure"](context)
    found = kept(home)
    assert len(found) == 1
    assert found[0]["text"] == (
        "A run of the job audience has failed for a|b as of 2026-11-01 (started by: nightly). What was "
        "published before is as it was."
    )
    detail = found[0]["details"][0]
    assert detail.startswith("partner_ranking: ValueError: no[31m such thing x")
    assert len(detail) < 350
    assert (found[0]["audience"], found[0]["run_id"], found[0]["kind"]) == ("a|b", "run-1", RUN_FAILED)


def test_a_fault_in_the_data_is_told_in_its_own_words(home, by_name, instance):
    with_words = dg.Failure("Its one member is not known.", allow_retries=False)
    by_name["alert_on_failure"](failed_run(instance, with_words))
    assert kept(home)[0]["details"] == ["partner_ranking: Its one member is not known."]


def test_the_alert_of_an_audience_of_handles_alone_names_no_member(home, by_name, instance, tmp_path):
    """A webhook's reader need not know who is in an audience; the history goes where the home goes."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "follows.csv").write_text("follower_id,followee_id\na,b\nc,b\n")
    (data / "accounts.csv").write_text("account_id,handle\na,ann\nc,cyd\n")
    (data / "audience_members.csv").write_text("audience,account_id\nfans,@ann\n")
    (data / "dataset.toml").write_text('[audiences.lost]\nfollowers_of = ["@cydd"]\n')
    with pytest.raises(dg.Failure) as caught:
        FolderIngest(home.scratch).run(str(data), None, tmp_path / "lake" / "inputs", "2026-01-01", 1.0)
    context = failed_run(instance, caught.value.__cause__)
    by_name["alert_on_failure"](context)
    (detail,) = kept(home)[0]["details"]
    assert "Of the unknown members one is known under another name. Write the account_id there" in detail
    stored = json.dumps([str(event) for event in instance.all_logs(context.dagster_run.run_id)])
    assert "No table knows the account @cydd that it is derived from." in stored
    for text in (detail, stored, caught.value.description):
        assert "ann'" not in text
        assert "@cyd " not in text


def test_who_stopped_a_run_is_not_told_of_it(home, by_name, instance):
    by_name["alert_on_failure"](failed_run(instance, KeyboardInterrupt()))
    assert not home.alerts.exists()


def test_delivery_says_what_it_did_and_fails_where_something_waits(home, by_name, instance, monkeypatch):
    sensor = by_name["deliver_alerts"]
    assert WEBHOOK_VARIABLE in tick(sensor, instance).skip_message
    monkeypatch.setenv(WEBHOOK_VARIABLE, "http://127.0.0.1:9/secret")
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(webhook, "PAUSE_FACTOR", 0.0)
    assert tick(sensor, instance).skip_message == "0 alerts delivered to 127.0.0.1, none waits."
    keep_alert(home, Alert("e", RUN_FAILED, "t"), AlertSettings(webhook="http://127.0.0.1:9/secret"))
    with pytest.raises(WebhookError, match="cannot be reached") as caught:
        tick(sensor, instance)
    assert "secret" not in str(caught.value)
    home.alert_settings.write_text("kinds = 3\n", encoding="utf-8")
    with pytest.raises(Exception, match="kinds must be a list"):
        tick(sensor, instance)
