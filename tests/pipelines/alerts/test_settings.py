"""What may be set about alerts, and that the address of a webhook is kept to itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.alerts import (
    KINDS,
    WEBHOOK_VARIABLE,
    AlertSettings,
    AlertSettingsError,
    read_alert_settings,
    usable_alert_settings,
)


def write(home, text):
    home.root.mkdir(exist_ok=True)
    home.alert_settings.write_text(text, encoding="utf-8")


def test_without_a_file_everything_is_told_and_nothing_posted(home):
    assert read_alert_settings(home) == AlertSettings()
    assert AlertSettings().kinds == KINDS
    assert not AlertSettings().webhook


def test_the_environment_wins_over_the_file(home, monkeypatch):
    write(home, 'webhook = "https://one.example/x"\nkinds = ["run_failed"]\ncoverage_drop = 0.5\n')
    found = read_alert_settings(home)
    assert (found.host, found.kinds, found.coverage_drop) == ("one.example", ("run_failed",), 0.5)
    monkeypatch.setenv(WEBHOOK_VARIABLE, "https://two.example/y")
    assert read_alert_settings(home).host == "two.example"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("webhok = 'https://x.example/'", "Did you mean 'webhook'"),
        ("webhook = 'ftp://secret.example/'", "begins with https"),
        ("webhook = 'https://[secret'", "begins with https"),
        ("webhook = 'https://x.example/ secret'", "begins with https"),
        ("webhook = 5", "begins with https"),
        ("kinds = ['run_faild']", "run_faild"),
        ("kinds = 'run_failed'", "must be a list"),
        ("coverage_drop = 0", "above 0"),
        ("coverage_drop = nan", "above 0"),
        ("coverage_drop = true", "above 0"),
        ("webhook = 'https://secret.example", "cannot be read as TOML"),
    ],
)
def test_every_fault_is_told_without_the_address_and_the_rest_is_used(home, text, words):
    write(home, text)
    with pytest.raises(AlertSettingsError) as caught:
        read_alert_settings(home)
    assert words in str(caught.value)
    assert "secret" not in str(caught.value)
    found, faults = usable_alert_settings(home)
    assert len(faults) == 1
    assert found.coverage_drop == AlertSettings.coverage_drop


def test_settings_that_may_not_be_read_are_named(home, monkeypatch):
    write(home, "coverage_drop = 0.5")

    def refused(path, **_):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_text", refused)  # root may read everything
    assert usable_alert_settings(home)[1] == [f"{home.alert_settings} cannot be read: Permission denied."]


def test_faults_come_all_at_once(home):
    write(home, "webhook = 1\nkinds = 2\ncoverage_drop = 3\nother = 4\n")
    assert len(usable_alert_settings(home)[1]) == 4


def test_the_address_is_not_in_the_settings_own_text():
    assert "hidden" not in repr(AlertSettings(webhook="https://x.example/hidden"))
