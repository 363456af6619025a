"""Bad input, bad disks, bad surroundings, through the real command: one message, exit 1, nothing lost."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import random
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tests.pipelines.small_disks import small_disk

MEGABYTE = 1 << 20
LONG_LINE = b"m1," + b"x" * 50 * MEGABYTE + b"\n"
GARBAGE = random.Random(7).randbytes(20_000)  # noqa: S311 - a fixed draw, no secret
FOLLOWS = b"follower_id,followee_id\n"
MANY_REJECTS = FOLLOWS + b"".join(b"m%d,v1\n" % i for i in range(50)) + b"m1,\n" * 25
IS_ROOT = os.geteuid() == 0


def parquet_of(folder: Path) -> bytes:
    out = io.BytesIO()
    pl.read_csv(folder / "follows.csv").write_parquet(out)
    return out.getvalue()


# What is changed in the tiny dataset, and what the message must say.
FAULTS = {
    "required table missing": ({"follows__csv": None}, "one of them is needed", "audience_members.csv"),
    "audience missing": ({"audience_members__csv": None}, "No audience is named", "followers_of"),
    "column missing": ({"follows__csv": b"source,target\na,b\n"}, "'follower_id'", "source, target"),
    "nobody known": (
        {"audience_members__csv": b"audience,account_id\nx,nobody\n"},
        "Its one member does not appear",
        "the same ids",
    ),
    "binary garbage": ({"follows__csv": GARBAGE}, "follows.csv", "holds binary data"),
    "one endless line": ({"follows__csv": LONG_LINE}, "follows.csv", "no usable first line"),
    "no TOML": ({"dataset__toml": b"this is = = not ["}, "dataset.toml", "not valid TOML", "line 1"),
    "unknown columns": (
        {"dataset__toml": b'[follows]\nfollower = "a"\nfollowee_id = "nowhere"\n'},
        "unknown key 'follower'",
        "Did you mean",
    ),
    "too many rejects": ({"follows__csv": MANY_REJECTS}, "33.3", "follows.csv:52", "follows.csv:61"),
    "an id of 10 kB": (
        {"follows__csv": FOLLOWS + b"m1," + b"z" * 10_000 + b"\n"},
        "longer than 1,000 characters",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_check_names_the_fault_and_a_run_would_stop(vouch, tiny_copy, fault):
    changes, *said = FAULTS[fault]
    result = vouch.run("check", "--data", tiny_copy(**changes))
    assert result.returncode == 1
    assert "A run would stop:" in result.stderr
    assert "Traceback" not in result.stderr
    assert [words for words in said if words.rstrip("3") not in result.stderr] == []


@pytest.mark.parametrize("fault", ["column missing", "nobody known", "no TOML", "too many rejects"])
def test_a_run_on_it_stops_and_the_published_file_stays(vouch, tiny_copy, ready_home, fault):
    published = (ready_home / "partners.duckdb").read_bytes()
    changes, *said = FAULTS[fault]
    result = vouch.run("run", "--data", tiny_copy(**changes), "--home", ready_home)
    vouch.assert_refused(result, *said)
    assert (ready_home / "partners.duckdb").read_bytes() == published


@pytest.mark.parametrize("ending", ["parquet", "csv.gz"])
def test_a_file_that_is_cut_off_is_named(vouch, tiny_data, tiny_copy, ending):
    whole = parquet_of(tiny_data) if ending == "parquet" else gzip.compress(parquet_of(tiny_data))
    data = tiny_copy(**{"follows__csv": None, f"follows__{ending}": whole[: len(whole) // 2]})
    result = vouch.run("check", "--data", data)
    assert result.returncode == 1
    assert f"follows.{ending}" in result.stderr
    assert "cut off" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_folder_that_is_none_is_refused(vouch, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    for name, said in (("nowhere", "no such folder"), ("file", "a file, not"), ("empty", "is empty")):
        result = vouch.run("check", "--data", tmp_path / name)
        assert result.returncode == 1
        assert said in result.stderr
    vouch.assert_refused(
        vouch.run("run", "--data", tmp_path / "nowhere", "--home", tmp_path / "home"), "no such folder"
    )
    assert vouch.run("run").returncode == 2  # usage


# The peak of this one command: that of all children so far would be the browser's of another test.
MEASURED = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:]).returncode
print("peak", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(code)
"""


def test_a_line_of_50_mb_costs_neither_memory_nor_time(vouch, tiny_data, tiny_copy):
    data = tiny_copy(follows__csv=(tiny_data / "follows.csv").read_bytes() + LONG_LINE)
    result = subprocess.run(
        [sys.executable, "-c", MEASURED, *vouch.words, "check", "--data", str(data)],
        capture_output=True,
        text=True,
        check=False,
        env=vouch.environment(),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (40, 40)),
    )
    assert result.returncode == 0, result.stderr
    assert "longer than 1,000,000 bytes" in result.stderr
    peak_kilobytes = int(result.stderr.rsplit("peak ", 1)[1])
    assert peak_kilobytes * 1024 < 800 * MEGABYTE  # the most that any run of these tests has needed is 350


def test_times_in_many_formats_and_impossible_counts_are_refused_by_value(vouch, tiny_copy):
    times = ("2024-01-02T03:04:05Z", "2024-01-02 03:04:05+02:00", '"Tue, 02 Jan 2024 03:04:05 GMT"')
    refused = ("02.01.2024", "1704164645", "yesterday", "0000-00-00", "32/13/2024")
    rows = "".join(f"m{i},v1,like,{when}\n" for i, when in enumerate(times + refused))
    data = tiny_copy(
        interactions__csv=f"actor_id,target_id,kind,occurred_at\n{rows}".encode(),
        accounts__csv=b"account_id,followers_count\nv1,-5\nv2,5\n",
    )
    result = vouch.run("check", "--data", data, "--json")
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout)
    values_refused = {table["table"]: table["values_refused"] for table in found["tables"]}
    assert values_refused["interactions"] == len(refused)
    assert values_refused["accounts"] == 1
    worst = "\n".join(found["worst_rejects"])
    for said in ("no known time format", "a bare number", "a count cannot be negative"):
        assert said in worst


# Disks ------------------------------------------------------------


# Room beside the old file for: a part of the history, a part of the lake, everything but the new file.
@pytest.mark.skipif(not IS_ROOT, reason="only root may mount a small disk")
@pytest.mark.parametrize("room_kb", [200, 1_100, 3_500])
def test_a_full_disk_is_named_whenever_it_happens(vouch, tiny_data, ready_home, tmp_path, room_kb):
    published = (ready_home / "partners.duckdb").read_bytes()
    with small_disk(tmp_path / "disk", len(published) // 1024 + room_kb) as home:
        (home / "partners.duckdb").write_bytes(published)
        result = vouch.run("run", "--data", tiny_data, "--home", home)
        vouch.assert_refused(result, str(home))
        assert "no room left" in result.stderr or "disk is full" in result.stderr
        assert (home / "partners.duckdb").read_bytes() == published


@pytest.mark.parametrize("largest_file", [4_096, 2 * MEGABYTE])
def test_files_that_may_not_grow_are_explained(vouch, tiny_data, ready_home, largest_file):
    """A limit that needs no privilege: the history at first, then the published file does not fit."""
    published = (ready_home / "partners.duckdb").read_bytes()
    shutil.rmtree(ready_home / "dagster")
    result = vouch.run(
        "run",
        "--data",
        tiny_data,
        "--home",
        ready_home,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file)),
    )
    vouch.assert_refused(result, str(ready_home))
    assert (ready_home / "partners.duckdb").read_bytes() == published


@pytest.mark.skipif(not IS_ROOT, reason="only root may mount a read-only disk")
def test_a_read_only_home_can_be_read_and_refuses_a_run(vouch, tiny_data, ready_home, tmp_path):
    with small_disk(tmp_path / "disk", 64 * 1024) as home:
        shutil.copytree(ready_home, home, dirs_exist_ok=True)
        subprocess.run(["mount", "-o", "remount,ro", str(home)], check=True)
        vouch.assert_refused(
            vouch.run("run", "--data", tiny_data, "--home", home), "may not be written", str(home)
        )
        vouch.assert_refused(vouch.run("demo", "--accounts", "1000", "--home", home), str(home))
        # nobody can write to the folder one stands in, and reading does not need to
        shown = vouch.run("top", "-n", "3", env=vouch.environment(VOUCH_HOME="."), cwd=home)
        assert shown.stdout.count("\n") == 4, shown.stderr


def test_a_home_that_is_a_file_is_refused(vouch, tiny_data, tmp_path):
    home = tmp_path / "home"
    home.write_text("mine")
    result = vouch.run("run", "--data", tiny_data, "--home", home)
    vouch.assert_refused(result, "a file stands in its place", "--home")
    assert home.read_text() == "mine"


# Surroundings ------------------------------------------------------------


def test_a_bare_environment_and_an_awkward_home_are_enough(vouch, tiny_data, tmp_path):
    """No HOME, no TERM, no standard input, another locale, a relative home with spaces and other letters."""
    env = vouch.environment(HOME=None, TERM=None, LANG="C", LC_ALL="C", LC_NUMERIC="de_DE.UTF-8")
    home = Path("ein Haus ü😀") / "x"
    made = vouch.run("run", "--data", tiny_data, "--home", home, env=env, cwd=tmp_path, stdin=None)
    assert made.returncode == 0, made.stderr
    assert (tmp_path / home / "partners.duckdb").is_file()
    seen = []
    for changes in ({}, {"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"}, {"TERM": "dumb"}):
        env = vouch.environment(HOME=None, VOUCH_HOME=str(home), **changes)
        seen.append(vouch.run("top", env=env, cwd=tmp_path).stdout)
    assert seen[0] == seen[1] == seen[2]
    assert "." in seen[0].splitlines()[1]  # decimals are points for programs, whatever the locale
    closed = subprocess.run(
        ["sh", "-c", 'exec "$@" <&-', "sh", *vouch.words, "top", "--home", str(home)],
        cwd=tmp_path,
        env=vouch.environment(),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert closed.stdout == seen[0]


@pytest.mark.parametrize("closed", ["<&-", "<&- >&-", "<&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_hinder_no_run(vouch, tiny_data, ready_home, closed):
    """As a timer may call it; what is opened next would otherwise be written to as if it were the stream."""
    published = ready_home / "partners.duckdb"
    before = published.stat().st_mtime_ns
    asked = [*vouch.words, "run", "--data", str(tiny_data), "--home", str(ready_home)]
    made = subprocess.run(
        ["sh", "-c", f'exec "$@" {closed}', "sh", *asked],
        env=vouch.environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert made.returncode == 0, made.stderr
    assert bool(made.stdout) == (" >&-" not in closed)
    assert published.stat().st_mtime_ns > before


def test_nobody_can_be_asked_where_standard_input_is_closed(vouch, ready_home):
    asked = [*vouch.words, "forget", "v3", "--home", str(ready_home)]
    refused = subprocess.run(
        ["sh", "-c", 'exec "$@" <&-', "sh", *asked],
        env=vouch.environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert refused.returncode == 2  # usage
    assert "give --yes where nobody can be asked" in refused.stderr


# Contents ------------------------------------------------------------

AUDIENCES = ("../../x", '"; DROP TABLE runs; --', "😀|a...b%7C", "L" * 500)
# an id, and the handle of the account
VOICES = {
    "a,b": "<img src=x onerror=alert(1)>",
    'q"uo"te': "'; DROP TABLE accounts;--",
    "emoji 😀👩‍👩‍👧": "\x1b]0;title\x07",
    "rtl \u200f\u05e9\u05dc\u202e": "same",
    "=cmd()": "same",
    "../../etc": '=HYPERLINK("http://x")',
    "007": "[red]markup[/red]",
    "7": "h" * 300,
    "esc\x1b[31m": "",
}


@pytest.fixture(scope="module")
def hostile_home(vouch, write_table, tmp_path_factory) -> Path:
    """A home in which a dataset was published whose every text is against us."""
    folder = tmp_path_factory.mktemp("hostile")
    data, home = folder / "data", folder / "home"
    draw = random.Random(3)  # noqa: S311 - a fixed draw, no secret
    members, voices = [f"m{i}" for i in range(160)], list(VOICES)
    follows = [(member, voice) for member in members for voice in draw.sample(voices, 5)]
    follows += [(f"o{i}", voice) for i in range(60) for voice in draw.sample(voices, 3)]
    follows += [("everybody", account) for account in (*members, *voices, "everybody")]
    write_table(data, "follows", [("follower_id", "followee_id"), *follows])
    listed = [(AUDIENCES[0], member) for member in members]
    listed += [(name, member) for name in AUDIENCES for member in draw.sample(members, 30)]
    write_table(data, "audience_members", [("audience", "account_id"), *listed])
    bios = {"007": "B" * 900_000}
    profiles = [(voice, handle, bios.get(voice, handle)) for voice, handle in VOICES.items()]
    write_table(data, "accounts", [("account_id", "handle", "bio"), *profiles])
    write_table(data, "posts", [("post_id", "author_id", "text")])
    result = vouch.run("run", "--data", data, "--home", home)
    assert result.returncode == 0, result.stderr
    assert "\x1b" not in result.stderr
    outside = {path.name for path in folder.iterdir()}
    assert outside == {"data", "home"}
    return home


def test_hostile_texts_are_published_as_they_were_written(hostile_home):
    connection = duckdb.connect(str(hostile_home / "partners.duckdb"), read_only=True)
    with connection:
        ranked = connection.execute("SELECT DISTINCT audience, account_id, handle FROM partner_rankings")
        rows = ranked.fetchall()
    assert {audience for audience, _, _ in rows} == set(AUDIENCES)
    assert {account: handle for _, account, handle in rows if handle != account} == {
        account: handle for account, handle in VOICES.items() if handle
    }
    assert {account for _, account, _ in rows} >= set(VOICES)


def test_hostile_texts_leave_as_csv_and_json_intact_but_steer_nothing(vouch, hostile_home):
    asked = ("top", "--home", hostile_home, "--audience", AUDIENCES[0], "-n", "100")
    as_json = vouch.run(*asked, "--json")
    assert {row["account_id"] for row in json.loads(as_json.stdout)} >= set(VOICES)
    as_csv = vouch.run(*asked)
    ids = {row["account_id"] for row in csv.DictReader(io.StringIO(as_csv.stdout))}
    assert {"a,b", 'q"uo"te', "emoji 😀👩‍👩‍👧", "007", "7", "../../etc"} <= ids
    assert "\x1b" not in as_csv.stdout
    table = vouch.run(*asked, "--format", "table")
    assert "\x1b]" not in table.stdout
    assert "\u202e" not in table.stdout


def test_where_nobody_scores_nobody_is_called_the_first(vouch, write_table, tmp_path):
    data, home = tmp_path / "data", tmp_path / "home"
    follows = [(f"m{i}", f"v{(i * step) % 7}") for i in range(40) for step in (1, 2)]
    write_table(data, "follows", [("follower_id", "followee_id"), *sorted(set(follows))])
    write_table(data, "audience_members", [("audience", "account_id"), *(("a", f"m{i}") for i in range(40))])
    result = vouch.run("run", "--data", data, "--home", home)
    assert result.returncode == 0, result.stderr
    assert "Nobody can be told apart: every score is 0.00" in result.stderr
    assert "add the follows of people who are no members" in result.stderr
    assert "Why " not in result.stderr


def test_audiences_that_cannot_be_ranked_cost_the_others_nothing(vouch, tiny_copy, tmp_path):
    listed = {"readers": range(200), "writers": range(200, 240), "critics": range(100, 160)}
    rows = [f"{audience},m{i}" for audience, members in listed.items() for i in members]
    data, home = tiny_copy(), tmp_path / "home"
    settings = data / "dataset.toml"
    settings.write_text('[baselines]\ncritics = "audience:writers"\n')
    members = data / "audience_members.csv"
    members.write_text("audience,account_id\n" + "\n".join(rows) + "\n")
    first = vouch.run("run", "--data", data, "--home", home, "--as-of", "2024-05-30")
    assert first.returncode == 0, first.stderr
    members.write_text(members.read_text().replace("writers,m", "writers,w"))
    settings.write_text(settings.read_text() + '[audiences.rivals]\nfollowers_of = ["@nobody"]\n')
    checked = vouch.run("check", "--data", data)
    assert checked.returncode == 0
    assert "Cannot be ranked:\n  - critics: It is compared with 'writers', of which no" in checked.stderr
    assert "  - rivals: No table knows the account @nobody that it is derived from." in checked.stderr
    assert "  - writers: None of its 40 members appears" in checked.stderr
    assert "A run would go through, without critics, rivals, writers:" in checked.stderr
    asked = vouch.run("run", "--data", data, "--home", home, "--as-of", "2024-05-31", "--audience", "writers")
    vouch.assert_refused(asked, "None of its 40 members", "vouch check")
    second = vouch.run("run", "--data", data, "--home", home, "--as-of", "2024-05-31")
    assert second.returncode == 0, second.stderr
    said = second.stderr
    assert "Not ranked:\n  - critics: It is compared with 'writers'" in said
    assert "  - rivals: No table knows the account @nobody" in said
    assert "  - writers: None of its 40 members appears in accounts" in said
    assert "the same ids" in said
    assert said.count("Its last list, of 2024-05-30, is kept as history and shown no more.") == 2
    report = home / "reports" / "writers.html"
    assert f"Its report of that day stays where it is: {report}" in said
    assert "Partners for writers, 2024-05-30" in report.read_text(encoding="utf-8")
    alerts = [json.loads(path.read_text(encoding="utf-8")) for path in (home / "alerts").glob("*.json")]
    told = {alert["audience"]: alert["text"] for alert in alerts if "is listed no more" in alert["text"]}
    assert told.keys() == {"critics", "writers"}
    assert "no more. It is compared with 'writers', of which no member is known" in told["critics"]
    assert "no more. None of its 40 members appears in accounts" in told["writers"]
    with duckdb.connect(str(home / "partners.duckdb"), read_only=True) as file:
        assert file.sql("SELECT DISTINCT audience, as_of::VARCHAR FROM ranked_partners").fetchall() == [
            ("readers", "2024-05-31")
        ]
        kept = file.sql("SELECT DISTINCT as_of::VARCHAR FROM partner_rankings WHERE audience = 'writers'")
        assert kept.fetchall() == [("2024-05-30",)]
        ((why,),) = file.sql(
            "SELECT detail FROM quality.checks WHERE check_name = 'every_audience_can_be_ranked'"
        ).fetchall()
        assert "critics" in why
        assert "None of its 40 members appears in accounts" in why
    top = vouch.run("top", "--audience", "Writers", "--home", home)
    vouch.assert_refused(top, "“writers” is not ranked any more", "Its last list is of 2024-05-30")


@pytest.mark.parametrize("kind", ["one follow", "interactions only", "weights of zero"])
def test_the_smallest_datasets_run_or_say_why_not(vouch, write_table, tmp_path, kind):
    data, home = tmp_path / "data", tmp_path / "home"
    members = [("a", f"m{i}") for i in range(20)]
    if kind == "one follow":
        write_table(data, "follows", [("follower_id", "followee_id"), ("m0", "v")])
        members = members[:1]
    elif kind == "interactions only":
        talk = [(member, "v", "reply", "2024-01-02") for _, member in members]
        write_table(data, "interactions", [("actor_id", "target_id", "kind", "occurred_at"), *talk])
    else:
        write_table(data, "follows", [("follower_id", "followee_id"), *((m, "v") for _, m in members)])
        members = [(*row, "0") for row in members]
    columns = ("audience", "account_id", "weight")[: len(members[0])]
    write_table(data, "audience_members", [columns, *members])
    result = vouch.run("run", "--data", data, "--home", home)
    if kind == "weights of zero":
        vouch.assert_refused(result, "weight")
        return
    assert result.returncode == 0, result.stderr
    if kind == "one follow":
        assert "Nobody is listed for a" in result.stderr
    else:
        assert "not_enough_data" in result.stdout
