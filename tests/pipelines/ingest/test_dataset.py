"""Whole datasets: balance, merging, the as-of day, audiences, fatal faults, and the swap."""

from __future__ import annotations

import csv
import errno
import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.ingest import check_dataset, dataset, ingest_dataset
from pipelines.ingest.contract import TABLES
from pipelines.ingest.errors import InputFaultsError, OutputFolderError, TooManyRejectsError
from pipelines.ingest.reuse import kept_report

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
AS_OF = date(2024, 5, 31)


def test_the_lakes_folder_is_as_the_contract_says(data, ingest, tmp_path, rows):
    report = ingest()
    inputs = tmp_path / "lake" / "inputs"
    beside = {
        "audience_owners.parquet",
        "balance.parquet",
        "made_from.json",
        "rejects.parquet",
        "source.json",
    }
    tables = {f"{table.name}.parquet" for table in TABLES if table.name != "follows"}
    numbered = {"follows", "follow_ids.parquet"}
    assert {path.name for path in inputs.iterdir()} == tables | numbered | beside
    assert sorted(path.name for path in (inputs / "follows").iterdir()) == ["followee.npy", "follower.npy"]
    assert rows("interactions") == []
    assert rows("follows") == [("a", "b", None, None), ("c", "b", None, None)]
    assert rows("balance")[0] == ("follows", 1, 2, 2, 0, 0, 0, 0, ["follower_id", "followee_id"], 0)
    source = json.loads((inputs / "source.json").read_text())
    assert source["network"] == "main"
    assert sorted(source["tables"]) == ["audience_members", "follows"]
    assert not source["is_generated"]
    assert source["fingerprint"] == report.fingerprint
    assert source["observed_until"] is None
    assert list((tmp_path / "lake").iterdir()) == [inputs]


def test_the_last_of_rows_with_one_key_is_kept(data, ingest, rows):
    (data / "accounts.csv").write_text("account_id,handle\na,old\nb,x\na,new\n")
    report = ingest()
    assert rows("accounts", "account_id", "handle") == [("b", "x"), ("a", "new")]
    assert report.table("accounts").rows_merged == 1


def test_interactions_that_nothing_tells_apart_are_not_merged(data, ingest):
    (data / "interactions.csv").write_text(
        "actor_id,target_id,kind,post_id\na,b,like,\na,b,like,\na,b,like,p\na,b,like,p\n"
    )
    found = ingest().table("interactions")
    assert (found.rows_kept, found.rows_merged) == (3, 1)


def test_rows_after_the_day_are_counted_and_left_out(data, ingest, rows):
    (data / "follows.csv").write_text(
        "follower_id,followee_id,followed_at,unfollowed_at\n"
        "a,b,2020-01-01,2021-01-01\n"
        "c,b,2020-01-01,2023-01-01\n"
        "d,b,2022-06-30T23:59:59,\n"
        "e,b,2022-07-01,\n"
        "a,b,2023-01-01,\n"
        "f,b,,\n"
    )
    report = ingest(as_of=date(2022, 6, 30))
    found = report.table("follows")
    assert (found.rows_in, found.rows_kept, found.rows_after_as_of, found.rows_merged) == (6, 4, 2, 0)
    assert [(name, str(at)) for name, at in rows("follows", "follower_id", "unfollowed_at")] == [
        ("a", "2021-01-01 00:00:00"),
        ("c", "None"),
        ("d", "None"),
        ("f", "None"),
    ]
    assert report.observed_until == datetime(2022, 6, 30, 23, 59, 59)  # noqa: DTZ001 - the lake is UTC, naive


def test_derived_audiences(data, ingest, rows):
    (data / "accounts.csv").write_text("account_id,handle\nb,Brand\n")
    (data / "follows.csv").write_text(
        "follower_id,followee_id,unfollowed_at\na,b,\nc,b,2020-01-01\nb,b,\nz,y,\n"
    )
    (data / "interactions.csv").write_text("actor_id,target_id,kind\nq,b,like\nq,b,reply\n")
    (data / "dataset.toml").write_text(
        """
        [audiences.fans]
        followers_of = ["@brand", "nobody"]
        [audiences.talkers]
        engaged_with = ["b"]
        """
    )
    report = ingest()
    members = [("fans", "a"), ("talkers", "q")]
    assert sorted(rows("audience_members", "audience", "account_id")) == members
    assert rows("audience_owners") == [("fans", "b"), ("talkers", "b")]
    fans = report.audiences[0]
    assert (fans.members, fans.members_known, fans.owners, fans.owners_unknown) == (1, 1, ("b",), ("nobody",))
    balance = report.table("audience_members")
    assert (balance.rows_in, balance.rows_kept, balance.rows_merged) == (3, 2, 1)


def test_a_listed_member_keeps_its_weight_in_a_derived_audience(data, ingest, rows):
    (data / "audience_members.csv").write_text("audience,account_id,weight\nfans,a,2.5\n")
    (data / "dataset.toml").write_text('[audiences.fans]\nfollowers_of = ["b"]\n')
    ingest()
    assert sorted(rows("audience_members", "account_id", "weight")) == [("a", 2.5), ("c", None)]


def test_a_brand_of_the_audiences_name_owns_it(data, ingest, rows):
    (data / "brands.csv").write_text("brand,account_id\nFans,b\nOther,c\n")
    ingest()
    assert rows("audience_owners") == [("fans", "b")]


def test_the_fingerprint_follows_contents_and_mapping(data, ingest):
    first = ingest().fingerprint
    assert ingest().fingerprint == first
    (data / "dataset.toml").write_text('network = "x"\n')
    second = ingest().fingerprint
    (data / "follows.csv").write_text("follower_id,followee_id\na,b\nc,d\n")
    assert len({first, second, ingest().fingerprint}) == 3


def test_warnings_say_what_is_thin(data, ingest):
    (data / "accounts.csv").write_text("account_id,followers_count,created_at\nb,100,x\na,,2020-01-01\n")
    (data / "audience_members.csv").write_text("audience,account_id\nfans,a\nfans,nobody\n")
    (data / "notes.docx").write_text("x")
    text = "\n".join(ingest(reject_limit=0.1).warnings)
    for words in (
        "accounts: 1 value of created_at was refused and left empty (2 rows read)",
        "no table names 1 of its 2 members",
        "25.0% of the ends of follows",
        "list 2.0% of the followers",
        "notes.docx is not used",
    ):
        assert words in text


def test_a_share_too_small_to_show_is_not_none(data, ingest):
    claims = "".join(f"{name},100000\n" for name in "abcd")
    (data / "accounts.csv").write_text("account_id,followers_count\n" + claims)
    assert "list less than 0.1% of the followers" in "\n".join(ingest(reject_limit=0.1).warnings)


def test_an_empty_optional_table_is_a_warning(data, ingest):
    (data / "posts.jsonl").write_text("")
    report = ingest()
    assert "posts.jsonl is empty." in report.warnings
    assert report.table("posts").rows_in == 0


def test_a_csv_file_with_its_first_line_alone_has_no_rows(data, ingest):
    (data / "posts.csv").write_text("post_id,author_id\n")
    assert ingest().table("posts").rows_in == 0


# fatal faults ---------------------------------------------------------------------------------------------


def faults_of(ingest):
    with pytest.raises(InputFaultsError) as caught:
        ingest()
    return str(caught.value)


def test_a_csv_file_without_its_first_line_was_cut_off(data, ingest):
    (data / "follows.csv").write_text("")
    (data / "posts.csv").write_text("\n\n")
    said = faults_of(ingest)
    for file in ("follows.csv", "posts.csv"):
        assert f"{file}: It is empty: not even the line with the names of its columns" in said
    assert "deliver the first line alone" in said


def test_folders_that_are_none(tmp_path):
    (tmp_path / "file").write_text("")
    (tmp_path / "empty").mkdir()
    for name, words in (("none", "no such folder"), ("file", "not a folder"), ("empty", "is empty")):
        with pytest.raises(InputFaultsError, match=words):
            ingest_dataset(tmp_path / name, tmp_path / "out", now=NOW, as_of=AS_OF)
    assert not (tmp_path / "out").exists()


def test_missing_tables_say_what_is_there(data, ingest):
    (data / "follows.csv").rename(data / "folows.csv")
    (data / "audience_members.csv").unlink()
    text = faults_of(ingest)
    assert "Neither table is there" in text
    assert "No audience is named" in text
    assert "There are: folows.csv" in text


def test_missing_required_column_with_the_line_that_maps_it(data, ingest):
    (data / "follows.csv").write_text("folower_id,followee_id\na,b\n")
    text = faults_of(ingest)
    assert "has no column 'follower_id', which the table follows requires" in text
    assert "Did you mean 'folower_id'?" in text
    assert "Columns there: folower_id, followee_id." in text
    assert '[follows] follower_id = "that name"' in text


def test_several_faults_are_reported_together(data, ingest):
    (data / "follows.csv").write_text("x\n1\n")
    (data / "posts.parquet").write_bytes(b"nonsense")
    text = faults_of(ingest)
    assert "3 faults" in text
    assert "posts.parquet: is not a whole Parquet file" in text


def test_an_audience_without_a_known_member(data, ingest):
    (data / "audience_members.csv").write_text("audience,account_id\nfans,nobody\n")
    assert "Its one member does not appear in accounts, follows or interactions" in faults_of(ingest)


def test_an_audience_without_a_known_member_costs_the_others_nothing(data, ingest, tmp_path, rows):
    (data / "audience_members.csv").write_text("audience,account_id\nfans,a\nlost,x\nlost,y\n")
    (data / "dataset.toml").write_text('[audiences.empty]\nfollowers_of = ["a"]\n')
    report = ingest()
    assert report.is_usable
    assert list(report.unranked) == ["empty", "lost"]
    assert report.unranked["lost"].startswith("None of its 2 members appears in accounts, follows")
    assert "nobody follows or engages with the accounts" in report.unranked["empty"]
    assert len(rows("audience_members")) == 3
    source = json.loads((tmp_path / "lake" / "inputs" / "source.json").read_text())
    assert source["unranked_audiences"] == ["empty", "lost"]
    assert kept_report(tmp_path / "lake" / "inputs").unranked == report.unranked


def test_an_audience_whose_list_gives_nobody_weight_costs_the_others_nothing(data, ingest):
    (data / "audience_members.csv").write_text(
        "audience,account_id,weight\nfans,a,\nnone,a,0\nnone,c,0\nnone,x,1\n"
    )
    report = ingest()
    assert list(report.unranked) == ["none"]
    assert "gives no known member a weight above zero" in report.unranked["none"]


def test_audiences_of_which_none_has_a_known_member_are_all_listed(data, ingest):
    (data / "audience_members.csv").write_text("audience,account_id\nfans,x\nlost,y\nlost,z\n")
    said = faults_of(ingest)
    assert "audience 'fans': Its one member does not appear" in said
    assert "audience 'lost': None of its 2 members" in said


BASELINES = [
    ("audience:lost", "It is compared with 'lost', of which no member is known and counts. Mend"),
    ("audience:lots", "There is no audience called 'lots' to compare with. Did you mean 'lost'?"),
    ("category:coffee", "There is no category called 'coffee' to compare with. The data name no category."),
]


@pytest.mark.parametrize(("baseline", "why"), BASELINES)
def test_an_audience_to_be_compared_with_nobody_is_left_out_alone(data, ingest, tmp_path, baseline, why):
    (data / "audience_members.csv").write_text("audience,account_id\nfans,a\nothers,c\nlost,x\n")
    (data / "dataset.toml").write_text(f'[baselines]\nfans = "{baseline}"\nothers = "audience:fans"\n')
    report = ingest()
    assert list(report.unranked) == ["fans", "lost"]  # the others need its members, and not its list
    assert report.unranked["fans"].startswith(why)
    assert "under [baselines], or network." in report.unranked["fans"]
    source = json.loads((tmp_path / "lake" / "inputs" / "source.json").read_text())
    assert source["unranked_audiences"] == ["fans", "lost"]


def test_audiences_that_cannot_be_ranked_for_whatever_reason_stop_together(data, ingest):
    (data / "audience_members.csv").write_text("audience,account_id\nfans,a\nlost,x\n")
    (data / "dataset.toml").write_text(
        '[baselines]\nfans = "audience:lost"\n[audiences.rivals]\nfollowers_of = ["@nobody"]\n'
    )
    said = faults_of(ingest)
    assert "3 faults" in said
    assert "audience 'fans': It is compared with 'lost'" in said
    assert "audience 'lost': Its one member does not appear" in said
    assert "audience 'rivals': No table knows the account @nobody" in said


def test_a_baseline_of_an_audience_that_there_is_not_is_a_fault(data, ingest):
    """Whom it was meant for would be compared with somebody else, and look like the others."""
    (data / "dataset.toml").write_text('[baselines]\nfens = "network"\n')
    assert "There is no audience called 'fens'. Did you mean 'fans'?" in faults_of(ingest)


def test_an_audience_of_an_unknown_account_costs_the_others_nothing(data, ingest):
    (data / "accounts.csv").write_text("account_id,handle\nb,AndrewYNg\n")
    (data / "dataset.toml").write_text(
        '[audiences.x]\nfollowers_of = ["@andrewng"]\n[audiences.y]\nengaged_with = ["q", "r"]\n'
    )
    report = ingest()
    assert report.unranked == {
        "x": "No table knows the account @andrewng that it is derived from. "
        "Did you mean @AndrewYNg instead of @andrewng? Name an account by its id, or by its @handle.",
        "y": "No table knows the accounts q, r that it is derived from. "
        "Name an account by its id, or by its @handle.",
    }
    assert not [line for line in report.warnings if "derived from" in line]


def test_an_unknown_owner_beside_one_whom_nobody_follows(data, ingest):
    (data / "dataset.toml").write_text('[audiences.x]\nfollowers_of = ["a", "q"]\n')
    why = ingest().unranked["x"]
    assert why.startswith("No table knows the account q that it is derived from. ")
    assert "It has no member: nobody follows or engages with the accounts" in why


def test_an_unknown_owner_of_an_audience_with_members_is_worth_knowing(data, ingest):
    (data / "dataset.toml").write_text('[audiences.fans]\nfollowers_of = ["q"]\n')
    report = ingest()
    assert not report.unranked
    said = " ".join(report.warnings)
    assert "Audience 'fans': No table knows the account q that it is derived from." in said


def test_an_audience_table_without_rows(data, ingest):
    (data / "audience_members.csv").write_text("audience,account_id\n")
    assert "There is no member in it" in faults_of(ingest)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable for root")
def test_an_unreadable_file(data, ingest):
    (data / "follows.csv").chmod(0)
    assert "may not be read" in faults_of(ingest)


def test_too_many_rejects_show_the_worst(data, ingest):
    (data / "accounts.csv").write_text("account_id,handle\n" + ",x\n" * 3 + "a,x\n" * 60 + "b\n")
    with pytest.raises(TooManyRejectsError) as caught:
        ingest(reject_limit=0.05)
    text = str(caught.value)
    assert "accounts: 4 of 64 (6.2%)" in text
    assert "accounts.csv:2 account_id '': a required value is missing (3 in all)" in text
    assert "accounts.csv:65 'b': the row has fewer fields than the header" in text


def test_check_returns_what_ingest_would_raise(data, tmp_path):
    (data / "follows.csv").write_text("x\n1\n")
    before = sorted(tmp_path.rglob("*"))
    report = check_dataset(data, now=NOW, as_of=AS_OF)
    assert not report.is_usable
    assert "follower_id" in str(report.faults[0])
    assert sorted(tmp_path.rglob("*")) == before


# writing --------------------------------------------------------------------------------------------------


def test_a_crash_before_the_swap_leaves_the_old_folder_whole(data, ingest, rows, monkeypatch, tmp_path):
    ingest()
    (data / "follows.csv").write_text("follower_id,followee_id\na,z\n")

    def crash(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(dataset, "_swap", crash)
    with pytest.raises(KeyboardInterrupt):
        ingest()
    assert len(rows("follows")) == 2
    assert [path.name for path in (tmp_path / "lake").iterdir()] == ["inputs"]


def test_a_crash_between_the_renames_is_mended_by_the_next_call(data, ingest, rows, monkeypatch, tmp_path):
    ingest()
    rename = Path.rename

    def crash(path, target):
        if path.name.endswith(".partial"):
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", crash)
    monkeypatch.setattr(dataset, "unchanged", lambda *_: None)
    with pytest.raises(KeyboardInterrupt):
        ingest()
    monkeypatch.undo()
    dataset.restore_interrupted(tmp_path / "lake" / "inputs")
    assert len(rows("follows")) == 2


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "no room left"),
        (errno.EROFS, "may not be written"),
        (errno.EACCES, "may not be written"),
    ],
)
def test_a_full_disk_and_a_closed_folder_name_the_folder(data, ingest, monkeypatch, number, words):
    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(dataset, "_swap", refuse)
    with pytest.raises(OutputFolderError, match=words) as caught:
        ingest()
    assert "lake" in str(caught.value)
    assert "--home" in str(caught.value)


def test_a_file_in_the_folders_place(data, tmp_path):
    (tmp_path / "home").write_text("")
    with pytest.raises(OutputFolderError, match="a file stands in its place"):
        ingest_dataset(data, tmp_path / "home" / "inputs", now=NOW, as_of=AS_OF)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_duckdbs_own_full_disk_is_recognised(data, ingest, monkeypatch, tmp_path):
    original = dataset._examine  # noqa: SLF001 - the disk fills up in the midst of it

    def examine(data_dir, out, *others):
        (out / "audience_members.parquet").symlink_to("/dev/full")
        return original(data_dir, out, *others)

    monkeypatch.setattr(dataset, "_examine", examine)
    with pytest.raises(OutputFolderError, match="no room left"):
        ingest()


# the balance ----------------------------------------------------------------------------------------------

CELLS = st.one_of(
    st.sampled_from(
        ["a", "b", "c", "", " ", "2020-01-01", "2030-01-01", "2024-05-31T23:00:00Z", "nonsense", '"']
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
)
PIECES = st.sampled_from([b"a,b,\n", b"\xfc,b,\n", b"a,b,\xe4\n", b"\xc3\xa4,b,\n", b"\xe4\xb8", b"a,", b'"'])


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    records=st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=12),
    tail=st.binary(max_size=20) | st.lists(PIECES, max_size=12).map(b"".join),
    dialect=st.sampled_from(["excel", "unix"]),
)
def test_nothing_is_dropped_in_silence(tmp_path_factory, records, tail, dialect):
    folder = tmp_path_factory.mktemp("messy")
    (folder / "audience_members.csv").write_text("audience,account_id\nx,a\n")
    (folder / "interactions.csv").write_text("actor_id,target_id,kind\na,b,like\n")
    with (folder / "follows.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, dialect)
        writer.writerow(["follower_id", "followee_id", "followed_at"])
        writer.writerows(records)
    written = len(records)
    with (folder / "follows.csv").open("ab") as file:
        file.write(tail)
    report = check_dataset(folder, now=NOW, as_of=AS_OF, reject_limit=1.0)
    content = tail + "".join(cell for record in records for cell in record).encode()
    if report.faults and any(byte < 32 and byte not in b"\t\r\n" for byte in content):
        # next to few rows a run of control bytes is a binary file, which is refused whole and said
        assert "binary" in report.faults[0].problem
        return
    assert not report.faults
    found = report.table("follows")
    assert found.is_balanced
    if not tail:
        blank = sum(record == [""] and dialect == "excel" for record in records)
        assert found.rows_in <= written
        assert found.rows_in >= sum(len(record) == 3 for record in records) - blank
