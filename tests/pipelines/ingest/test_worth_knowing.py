"""What is said of a dataset that can be used: refused rows, ids beside handles, columns that are not used."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import polars as pl
import pytest

from pipelines.ingest.errors import InputFaultsError, TooManyRejectsError
from pipelines.ingest.worth_knowing import left_out

ACCOUNTS = "account_id,handle\n" + "".join(f"{10 + n},user{n}\n" for n in range(40))
FOLLOWS = "follower_id,followee_id\n" + "".join(f"{{0}}{n},{{0}}{(n + 1) % 40}\n" for n in range(40))
LOOK_UP = '{ column = "account_id", via = "accounts.handle", take = "account_id" }'


@pytest.fixture
def usual(data):
    """Forty accounts, user0 to user39, in a ring of follows; the first ten are members."""
    (data / "accounts.csv").write_text(ACCOUNTS)
    ids = [10 + n for n in range(40)]
    rows = "".join(f"{one},{other}\n" for one, other in zip(ids, [*ids[1:], ids[0]], strict=True))
    (data / "follows.csv").write_text("follower_id,followee_id\n" + rows)
    (data / "audience_members.csv").write_text(
        "audience,account_id\n" + "".join(f"fans,{10 + n}\n" for n in range(10))
    )
    return data


def said(report, words):
    return [line for line in report.warnings if words in line]


def test_of_a_dataset_in_order_nothing_is_said(usual, ingest):
    assert ingest().warnings == ()


def test_refused_rows_and_emptied_values_are_said_below_the_limit(usual, ingest):
    rows = "".join(f"{n},b,2020-01-01\n" for n in range(300)) + ",b,\nx,b,yesterday\n"
    (usual / "follows.csv").write_text(f"follower_id,followee_id,followed_at\n{rows}")
    lines = ingest(reject_limit=0.01).warnings
    assert "follows: 1 of 302 rows breaks the contract and was left out." in lines
    assert "follows: 1 value of followed_at was refused and left empty (302 rows read)." in lines


# rejects that stop a run come first -----------------------------------------------------------------------


@pytest.fixture
def crowded(usual):
    """One unreadable price among forty, and ten kinds of emptied values that are more frequent."""
    prices = "".join(f"{10 + n},{n}\n" for n in range(40))
    (usual / "rates.csv").write_text(f"account_id,price\n{prices}x,free\n")
    names = ("created_at", "followers_count", "following_count", "posts_count", "has_avatar", "is_private")
    empty = "".join(f"{10 + n}{',?' * len(names)}\n" for n in range(40))
    (usual / "accounts.csv").write_text(f"account_id,{','.join(names)}\n{empty}")
    counts = ("likes_count", "replies_count", "reposts_count", "views_count", "posted_at")
    (usual / "posts.csv").write_text(
        f"post_id,author_id,{','.join(counts)}\n1,10,?,?,?,?,?\n2,10,?,?,?,?,?\n"
    )
    return usual


def test_the_reject_that_stops_a_run_is_shown(crowded, ingest):
    with pytest.raises(TooManyRejectsError) as caught:
        ingest(reject_limit=0.01)
    assert caught.value.details == (
        "rates.csv:42 price 'free': not a number; write digits with a decimal point, or give `decimal`",
    )


def test_the_limit_that_would_do_is_named(crowded, ingest):
    with pytest.raises(TooManyRejectsError) as caught:
        ingest(reject_limit=0.01)
    remedy = caught.value.remedy
    assert remedy.endswith("if the rest is enough: --reject-limit 0.03")
    assert ingest(reject_limit=0.03).is_usable


def test_rows_that_were_left_out_come_before_values_that_were_emptied(crowded, ingest):
    worst = ingest(reject_limit=0.5).worst_rejects
    assert (worst[0].table, worst[0].alike) == ("rates", 1)
    assert [reject.alike for reject in worst[1:]] == [40] * 6 + [2] * 3
    assert len({(reject.table, reject.column) for reject in worst}) == 10


# ids here, handles there ----------------------------------------------------------------------------------


def test_follows_by_handle_beside_accounts_by_id(usual, ingest, rows):
    (usual / "follows.csv").write_text(FOLLOWS.format("@USER"))
    (line,) = said(ingest(), "follows:")
    assert "hardly any of its ids is in accounts (0 of 40); 40 are known under another name" in line
    assert "'@USER0' is the account '10'" in line
    assert line.endswith("(followee_id likewise)")
    # what it says to write in dataset.toml mends it
    ends = (LOOK_UP.replace("account_id", name, 1) for name in ("follower_id", "followee_id"))
    (usual / "dataset.toml").write_text("[follows]\nfollower_id = {}\nfollowee_id = {}\n".format(*ends))
    assert ingest().warnings == ()
    assert rows("follows", "follower_id", "followee_id")[0] == ("10", "11")


def test_follows_and_accounts_that_have_nothing_in_common(usual, ingest):
    (usual / "follows.csv").write_text(FOLLOWS.format("0x"))
    (line,) = said(ingest(), "hardly any")
    assert "'0x0' stands in follows, '10' in accounts" in line


def test_a_network_of_which_few_have_a_profile_is_no_mistake(usual, ingest):
    (usual / "accounts.csv").write_text("account_id,handle\n10,user0\n")
    assert not said(ingest(), "hardly any")


def test_ids_that_differ_by_an_at_sign(usual, ingest):
    (usual / "accounts.csv").write_text(ACCOUNTS.replace("\n", "\n@").removesuffix("@"))
    (line,) = said(ingest(), "hardly any")
    assert "'10' is the account '@10'. Write ids the same way in every table." in line


def test_members_by_handle_among_members_by_id(usual, ingest):
    with (usual / "audience_members.csv").open("a") as file:
        file.write("fans,@user30\nfans,nobody\n")
    (line,) = said(ingest(), "audience_members:")
    assert "1 of the members that no other table names is known under another name" in line
    assert "'@user30' is the account '40'. List members by their account_id." in line


def test_what_is_told_elsewhere_of_an_audience_of_handles_names_no_member(usual, ingest):
    with (usual / "audience_members.csv").open("a") as file:
        file.write("lost,@user1\nlost,user2\n")
    report = ingest()
    assert "'@user1' is the account '11'" in report.unranked["lost"]
    ((audience, why),) = report.unranked_frame.iter_rows()
    assert audience == "lost"
    assert "Of the unknown members 2 are known under another name. Write the account_id there" in why
    assert "user1" not in why


def test_whom_an_unknown_owner_may_mean_is_told_only_to_somebody_who_has_the_data(usual, ingest):
    """The nearest handle is one of all accounts, and so perhaps a member's."""
    (usual / "dataset.toml").write_text('[audiences.lost]\nfollowers_of = ["@user_1"]\n')
    report = ingest()
    assert "Did you mean @user1 instead of @user_1?" in report.unranked["lost"]
    ((_, why),) = report.unranked_frame.iter_rows()
    assert why == (
        "No table knows the account @user_1 that it is derived from. "
        "Name an account by its id, or by its @handle."
    )
    (usual / "audience_members.csv").unlink()
    with pytest.raises(InputFaultsError) as caught:
        ingest()
    assert "@user1" not in str(caught.value)
    assert "Did you mean @user1 instead of @user_1?" in caught.value.faults[0].told


def test_an_audience_of_handles_alone_is_a_fault_with_its_cure(usual, ingest, rows):
    (usual / "audience_members.csv").write_text("audience,account_id\nfans,@user1\nfans,user2\n")
    with pytest.raises(InputFaultsError) as caught:
        ingest()
    known = "members 2 are known under another name. {}Write the account_id there"
    assert known.format("") in str(caught.value)  # an error goes into the history and into alerts
    assert "user1" not in str(caught.value)
    (fault,) = caught.value.faults
    assert known.format("For example '@user1' is the account '11'. ") in fault.told
    assert f"[audience_members] account_id = {LOOK_UP}" in str(caught.value)
    (usual / "dataset.toml").write_text(f"[audience_members]\naccount_id = {LOOK_UP}\n")
    ingest()
    assert sorted(rows("audience_members", "account_id")) == [("11",), ("12",)]


def test_prices_by_handle(usual, ingest, rows):
    (usual / "rates.csv").write_text("account_id,price\n@user1,5\n@user2,6\n")
    (line,) = said(ingest(), "rates:")
    assert "few of its ids are in accounts or follows; 2 are known under another name" in line
    (usual / "dataset.toml").write_text(f"[rates]\naccount_id = {LOOK_UP}\n")
    assert ingest().warnings == ()
    assert rows("rates", "account_id") == [("11",), ("12",)]


def test_the_cure_names_the_column_of_the_file(usual, ingest):
    (usual / "rates.csv").write_text('a "b",price\n@user1,5\n')
    (usual / "dataset.toml").write_text("[rates]\naccount_id = 'a \"b\"'\n")
    (line,) = said(ingest(), "rates:")
    assert r'[rates] account_id = { column = "a \"b\"", via = "accounts.handle", take' in line


def test_tables_whose_ids_are_known_are_left_in_peace(usual, ingest):
    (usual / "rates.csv").write_text("account_id,price\n10,5\n11,6\nuser3,1\n")
    (usual / "posts.csv").write_text("post_id,author_id\n1,stranger\n")
    assert ingest().warnings == ()


# handles, self-follows, columns ---------------------------------------------------------------------------


def test_a_handle_at_two_accounts(usual, ingest):
    (usual / "accounts.csv").write_text(f"{ACCOUNTS}99,User7\n98,\n97,\n")
    (line,) = said(ingest(), "handle")
    assert line.startswith("accounts: 1 handle stands at more than one account (@user7 at '17' and '99')")


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_follows_of_oneself(usual, ingest, ending):
    rows = [(10, 10), (10, 10), (11, 11), (10, 11)]
    if ending == "csv":
        (usual / "follows.csv").write_text(
            "follower_id,followee_id\n" + "".join(f"{one},{other}\n" for one, other in rows)
        )
    else:
        (usual / "follows.csv").unlink()
        pl.DataFrame(rows, schema=["follower_id", "followee_id"], orient="row").write_parquet(
            usual / "follows.parquet"
        )
    (line,) = said(ingest(), "themselves")
    assert line == "follows: 2 accounts follow themselves; such a follow is kept and never counts as a tie."


def test_columns_that_nothing_reads_are_named(usual, ingest):
    (usual / "accounts.csv").write_text("account_id,shoe size,handle\n10,41,user0\n")
    (usual / "posts.jsonl").write_text(
        '{"id": {"post": 1}, "author_id": "10", "a/b": {"c": "hi"}, "x": 1, "y": 2}\n'
    )
    (usual / "dataset.toml").write_text('[posts]\npost_id = "/id/post"\ntext = "/a~1b/c"\n')
    assert [line for line in ingest().warnings if "not used" in line] == [
        "accounts: the column shoe size is not used; a dataset.toml can map it.",
        "posts: the columns x, y are not used; a dataset.toml can map them.",
    ]


def test_names_from_strangers_are_cut(usual, ingest):
    long = "n" * 900
    (usual / "accounts.csv").write_text(f"account_id,handle,{long}x\n{long},{long},\n{long}2,{long},\n10,,\n")
    (usual / "rates.csv").write_text(f"account_id,price\n@{long},1\n")
    lines = ingest().warnings
    assert len(lines) == 4
    assert max(len(line) for line in lines) < 400


def test_a_spreadsheet_in_the_folder(usual, ingest):
    (usual / "Rates 2024.XLSX").write_bytes(b"PK\x03\x04")
    (usual / "README.md").write_text("read me")
    assert ingest().warnings == (
        "Rates 2024.XLSX is not used by any table. Excel is not read; save each sheet as CSV.",
    )


def test_a_folder_of_spreadsheets_says_so_where_it_stops(data, ingest):
    for path in data.iterdir():
        path.rename(path.with_suffix(".xlsx"))
    with pytest.raises(
        InputFaultsError, match=r"follows\.xlsx\. Excel is not read; save each sheet as CSV\."
    ):
        ingest()


# one person in several ways -------------------------------------------------------------------------------


@pytest.fixture
def several_ways(data):
    """No ids anywhere: follows and members by handle, as one export and another write them."""
    rows = "".join(f"@Fan{n},{name}\n" for n, name in enumerate(["openai", "@OpenAI", "OPENAI", "@nasa"]))
    (data / "follows.csv").write_text(f"who,whom\n{rows}fan0,@nasa\n")
    (data / "audience_members.csv").write_text("audience,profile\nfans,https://x.com/fan0\nfans,@FAN1\n")
    ways = "[follows]\nfollower_id = {}\nfollowee_id = {}\n[audience_members]\naccount_id = {}\n"
    names = ('"who"', '"whom"', '"profile"')
    (data / "dataset.toml").write_text(ways.format(*names))
    return data, lambda: (data / "dataset.toml").write_text(
        ways.format(*(f'{{ column = {name}, as = "handle" }}' for name in names))
    )


def test_a_person_written_in_several_ways_is_told(several_ways, ingest):
    (data, _) = several_ways
    (data / "audience_members.csv").write_text("audience,profile\nfans,@FAN1\nfans,@Fan0\n")
    (line,) = said(ingest(), "in several ways")
    assert line.startswith(
        "3 accounts stand there in several ways ('@Fan0' and 'fan0') and count as 7 different"
    )
    assert '[follows] follower_id = { column = "who", as = "handle" }' in line


def test_what_it_says_to_write_joins_them(several_ways, ingest, rows):
    (_, as_handles) = several_ways
    as_handles()
    report = ingest()
    assert said(report, "in several ways") == []
    assert sorted(rows("follows", "follower_id", "followee_id")) == [
        ("fan0", "nasa"),
        ("fan0", "openai"),
        ("fan1", "openai"),
        ("fan2", "openai"),
        ("fan3", "nasa"),
    ]
    assert sorted(rows("audience_members", "account_id")) == [("fan0",), ("fan1",)]


def test_an_audience_is_derived_from_a_handle_that_is_the_id(several_ways, data, ingest, rows):
    (_, as_handles) = several_ways
    as_handles()
    with (data / "dataset.toml").open("a") as file:
        file.write('[audiences.readers]\nfollowers_of = ["@OpenAI"]\n')
    ingest()
    members = [
        member for name, member in rows("audience_members", "audience", "account_id") if name == "readers"
    ]
    assert sorted(members) == ["fan0", "fan1", "fan2"]


@pytest.mark.parametrize(
    ("rows", "forgotten", "later"),
    [
        (1, "1 row of a forgotten person was left out.", "1 row lies after 2026-01-01 and was left out."),
        (2, "2 rows of forgotten persons were left out.", "2 rows lie after 2026-01-01 and were left out."),
        (1200, "1,200 rows of forgotten persons were", "1,200 rows lie after 2026-01-01 and were left out."),
    ],
)
def test_one_row_was_left_out_and_two_were(rows, forgotten, later):
    table = SimpleNamespace(table="posts", rows_forgotten=rows, rows_after_as_of=rows)
    found = left_out([table], date(2026, 1, 1))
    assert found[0].startswith(f"posts: {forgotten}")
    assert found[1] == f"posts: {later}"
    nothing = SimpleNamespace(table="posts", rows_forgotten=0, rows_after_as_of=0)
    assert left_out([nothing], date(2026, 1, 1)) == []
