"""Alerts around a run that a command makes: raised once, delivered, and never in the way of the run."""

from __future__ import annotations

import json

import pytest

from pipelines.alerts import RUN_FAILED, WEBHOOK_VARIABLE, Alert, alerting, keep_alert, usable_alert_settings

TURNED = """
INSERT INTO runs BY NAME SELECT * REPLACE ('r2' AS run_id, as_of + 1 AS as_of) FROM runs;
INSERT INTO partner_rankings BY NAME SELECT * REPLACE ('r2' AS run_id) FROM partner_rankings;
UPDATE partner_rankings SET status = 'avoid' WHERE run_id = 'r2' AND account_id = 'id3';
"""


def kept(home):
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(home.alerts.glob("*.json"))]


def test_what_turned_in_the_run_is_said_kept_and_delivered_once(home, hook, publish_small, monkeypatch):
    monkeypatch.setenv(WEBHOOK_VARIABLE, hook.address)
    said = []
    with alerting(home, said.append):
        publish_small()
    assert said == []  # nothing was published before
    with alerting(home, said.append):
        publish_small(change=TURNED)
    assert said == [
        "Alert: 1 partner recommended to Runners on 2026-11-01 is so no longer on 2026-11-02.",
        "1 alert delivered to 127.0.0.1.",
    ]
    ((body, _),) = hook.got
    assert body["details"] == ["@Voice3: avoid (was number 4)"]
    with alerting(home, said.append):
        publish_small(change=TURNED)
    assert len(said) == 2
    assert len(kept(home)) == len(hook.got) == 1


def test_what_waits_is_delivered_though_the_run_failed(home, hook, monkeypatch):
    monkeypatch.setenv(WEBHOOK_VARIABLE, hook.address)
    said = []

    def fail():
        keep_alert(home, Alert("e", RUN_FAILED, "It failed."), usable_alert_settings(home)[0])
        raise ValueError

    with pytest.raises(ValueError), alerting(home, said.append):  # noqa: PT011 - it is ours
        fail()
    assert [body["text"] for body, _ in hook.got] == ["It failed."]
    assert said == ["1 alert delivered to 127.0.0.1."]


def test_a_webhook_that_is_away_costs_no_run_and_no_alert(home, hook, publish_small, monkeypatch):
    monkeypatch.setenv(WEBHOOK_VARIABLE, hook.address)
    hook.answers += [404] * 9
    publish_small()
    said = []
    with alerting(home, said.append):
        publish_small(change=TURNED)
    assert said[1].startswith(f"1 alert waits in {home.alerts}: ")
    assert hook.address not in said[1]
    assert [alert["delivery"]["state"] for alert in kept(home)] == ["waiting"]


@pytest.mark.parametrize("damaged", ["before", "after"])
def test_a_file_that_cannot_be_read_and_faulty_settings_cost_no_run(home, publish_small, damaged):
    publish_small()
    home.alert_settings.write_text("kinds = 7\n", encoding="utf-8")
    if damaged == "before":
        home.published.write_bytes(b"no database")
    said = []
    with alerting(home, said.append):
        if damaged == "before":
            home.published.unlink()
            publish_small(change=TURNED)
        else:
            home.published.write_bytes(b"no database")
    assert said[0].startswith("Settings of alerts: kinds must be a list")
    assert [line.partition(":")[0] for line in said[1:]] == (
        [] if damaged == "before" else ["No alert could be looked for"]
    )


def test_an_alert_that_cannot_be_written_is_said_and_costs_no_run(home, publish_small):
    publish_small()
    home.alerts.write_text("no folder", encoding="utf-8")
    said = []
    with alerting(home, said.append):
        publish_small(change=TURNED)
    (line,) = said
    assert line.startswith("An alert could not be kept (")
    assert line.endswith("1 partner recommended to Runners on 2026-11-01 is so no longer on 2026-11-02.")


def test_an_interrupt_waits_for_no_webhook(home, hook, monkeypatch):
    monkeypatch.setenv(WEBHOOK_VARIABLE, hook.address)
    keep_alert(home, Alert("e", RUN_FAILED, "It failed."), usable_alert_settings(home)[0])
    with pytest.raises(KeyboardInterrupt), alerting(home, print):
        raise KeyboardInterrupt
    assert hook.got == []
