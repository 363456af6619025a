"""An alert is a file once, and reaches a real webhook once, whatever happens in between."""

from __future__ import annotations

import json
import logging
import socket
from datetime import UTC, datetime, timedelta

import pytest
from filelock import FileLock

from pipelines.alerts import (
    RUN_FAILED,
    Alert,
    AlertSettings,
    WebhookError,
    deliver,
    keep_alert,
    post,
    webhook,
)
from pipelines.alerts.outbox import DELIVERED, FILE_ALONE, GIVEN_UP, GIVEN_UP_AFTER, WAITING

SECRET = "s3cr3t-path"  # noqa: S105 - part of the address of `hook`
NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)


def alert(event="run_failed:1", **other):
    return Alert(event, RUN_FAILED, "A run has failed – größer.", ("step: why",), **other)


def kept(home):
    found = [json.loads(path.read_text(encoding="utf-8")) for path in home.alerts.glob("*.json")]
    return sorted(found, key=lambda each: each["at"])


def states(home):
    return [each["delivery"]["state"] for each in kept(home)]


def test_an_event_is_one_file_however_often_it_is_seen(home):
    assert keep_alert(home, alert(audience="fans", run_id="run-1"), AlertSettings(), NOW)
    assert not keep_alert(home, alert(), AlertSettings(), NOW + timedelta(hours=1))
    assert keep_alert(home, alert("run_failed:2"), AlertSettings(), NOW)
    first = next(each for each in kept(home) if each["audience"])
    assert first["kind"] == RUN_FAILED
    assert first["text"] == "A run has failed – größer."
    assert (first["audience"], first["run_id"], first["at"]) == ("fans", "run-1", "2026-11-27T03:00:00+00:00")
    assert states(home) == [FILE_ALONE, FILE_ALONE]


def test_a_kind_that_is_switched_off_leaves_nothing(home):
    assert not keep_alert(home, alert(), AlertSettings(kinds=()), NOW)
    assert not home.alerts.exists()


def test_the_webhook_gets_each_alert_once_the_oldest_first(home, hook):
    settings = AlertSettings(webhook=hook.address)
    for hour, event in ((2, "b"), (1, "a")):
        keep_alert(home, alert(event), settings, NOW + timedelta(hours=hour))
    assert deliver(home, settings, NOW).delivered == 2
    assert [body["at"][11:13] for body, _ in hook.got] == ["04", "05"]
    assert all(body["id"] == key and "delivery" not in body for body, key in hook.got)
    assert deliver(home, settings, NOW).delivered == 0
    assert not keep_alert(home, alert("a"), settings, NOW)
    assert deliver(home, settings, NOW).delivered == 0
    assert len(hook.got) == 2
    assert states(home) == [DELIVERED, DELIVERED]


def test_an_alert_from_before_the_webhook_is_not_sent_late(home, hook):
    keep_alert(home, alert(), AlertSettings(), NOW)
    assert deliver(home, AlertSettings(webhook=hook.address), NOW).delivered == 0
    assert hook.got == []


def test_a_busy_webhook_is_asked_again_at_once(home, hook):
    hook.answers = [503, 429]
    settings = AlertSettings(webhook=hook.address)
    keep_alert(home, alert(), settings, NOW)
    assert deliver(home, settings, NOW).delivered == 1
    assert len({key for _, key in hook.got}) == 1
    assert len(hook.got) == 3


def test_what_was_not_taken_waits_and_is_tried_ever_more_seldom(home, hook):
    hook.answers = [404, 404]
    settings = AlertSettings(webhook=hook.address)
    keep_alert(home, alert("a"), settings, NOW)
    keep_alert(home, alert("b"), settings, NOW + timedelta(seconds=1))
    failed = deliver(home, settings, NOW)
    assert (failed.delivered, failed.waiting) == (0, 2)
    assert failed.fault == "The webhook at 127.0.0.1 answered with 404."
    assert deliver(home, settings, NOW + timedelta(seconds=30)).waiting == 2
    assert len(hook.got) == 1  # not before its time, and not the one after it either
    assert deliver(home, settings, NOW + timedelta(seconds=61)).waiting == 2
    assert deliver(home, settings, NOW + timedelta(seconds=122)).delivered == 0
    assert deliver(home, settings, NOW + timedelta(seconds=190)).delivered == 2
    assert states(home) == [DELIVERED, DELIVERED]


def test_after_days_it_is_no_news_and_the_next_one_goes_on(home, hook):
    settings = AlertSettings(webhook=hook.address)
    keep_alert(home, alert("old"), settings, NOW)
    later = NOW + GIVEN_UP_AFTER + timedelta(minutes=1)
    keep_alert(home, alert("new"), settings, later)
    hook.answers = [410]
    assert deliver(home, settings, later).waiting == 1
    assert states(home) == [GIVEN_UP, WAITING]
    assert deliver(home, settings, later).delivered == 1


@pytest.mark.parametrize("status", [302, 307, 400, 404])
def test_a_redirect_and_a_refusal_are_no_delivery(hook, status):
    hook.answers = [status]
    with pytest.raises(WebhookError, match=str(status)):
        post(hook.address, {}, "k")
    assert len(hook.got) == 1


def test_nobody_reads_the_address_in_errors_and_logs(hook, caplog):
    caplog.set_level(logging.DEBUG)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        closed = f"http://user:{SECRET}@127.0.0.1:{unused.getsockname()[1]}/{SECRET}?key={SECRET}"
        with pytest.raises(WebhookError, match=r"127\.0\.0\.1 cannot be reached") as caught:
            post(closed, {}, "k")
    hook.answers = [503, 503, 503]
    with pytest.raises(WebhookError, match="503"):
        post(hook.address, {}, "k")
    said = f"{caught.value}{caught.value.__cause__}{caplog.text}"
    assert caught.value.__suppress_context__
    assert SECRET not in said


def test_a_webhook_that_never_answers_is_left(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setattr(webhook, "TIMEOUT_SECONDS", (0.1, 0.1))
    monkeypatch.setattr(webhook, "PAUSE_FACTOR", 0.0)
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(WebhookError, match="cannot be reached"),
    ):
        post(f"http://127.0.0.1:{silent.getsockname()[1]}/", {}, "k")


def test_two_processes_do_not_deliver_at_once(home, hook):
    settings = AlertSettings(webhook=hook.address)
    keep_alert(home, alert(), settings, NOW)
    with FileLock(home.alerts / ".delivery.lock"):
        assert deliver(home, settings, NOW).fault == "Another process is delivering."
    assert hook.got == []
    assert deliver(home, settings, NOW).delivered == 1
