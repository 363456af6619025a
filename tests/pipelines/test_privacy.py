"""What is shown of single members in the published file and the report: pseudonyms, and no small groups."""

from __future__ import annotations

import re
import shutil
from contextlib import closing
from datetime import date, datetime

import duckdb
import polars as pl
import pytest

from assets.published import CHECKS_SCHEMA
from pipelines.forgetting import known_persons, search_home
from pipelines.forgetting.persons import Persons
from pipelines.home import Home
from pipelines.lake import Lake
from pipelines.privacy import (
    PrivacyError,
    Pseudonyms,
    keep_privacy,
    kept_privacy,
    known_pseudonyms,
    pseudonyms,
)
from pipelines.pseudonymous import (
    ACCOUNTS,
    LISTS,
    LISTS_OF_TEXTS,
    POSTS,
    TEXTS,
    WITHHELD,
    WORDS,
    pseudonymous,
)
from pipelines.publication import publish_home
from pipelines.publish.build import create_schema
from pipelines.publish.tables import ROW_ORDER
from pipelines.published import open_published
from pipelines.resources import FolderIngest, HomePublisher
from pipelines.settings import Privacy
from pipelines.small_groups import without_small_groups

MEMBERS = [f"m{i}" for i in range(200)]
PERSONS = Persons(
    tuple(MEMBERS[:12]), tuple(f"{word}{i}" for word in ("handle.", "Shown ") for i in range(12)), ("post-9",)
)
"""A part of the members: searching everything for all of them would take long."""


def publish(home, *, named=False, smallest=1):
    keep_privacy(home, Privacy(pseudonymous_members=not named, smallest_group=smallest))
    report = publish_home(home, Lake(home.lake), pl.DataFrame(schema=CHECKS_SCHEMA))
    return {
        table: n for table, n in report.tables.items() if table != "graph.names"
    }  # a pseudonym is one name


def found(home, tmp_path):
    """What the search of `vouch forget` finds in the published file and in the reports made from it."""
    HomePublisher(home, Lake(home.lake)).report()
    shown = Home(tmp_path / "shown")
    shutil.copytree(home.reports, shown.reports, dirs_exist_ok=True)
    shutil.copyfile(home.published, shown.published)
    return {place.place: place.found for place in search_home(shown, PERSONS)}


def rewrite(path, **columns):
    pl.read_parquet(path).with_columns(**columns).write_parquet(path)


@pytest.fixture
def home(ready_home):
    """A published home whose members have handles and names, wrote posts and are spoken of."""
    home = Home(ready_home)
    is_member = pl.col("account_id").is_in(MEMBERS)
    number = pl.col("account_id").str.slice(1)
    (accounts,) = home.lake.glob("days/*/graph/accounts.parquet")
    rewrite(
        accounts,
        handle=pl.when(is_member).then(pl.concat_str(pl.lit("handle."), number)).otherwise("handle"),
        display_name=pl.when(is_member).then(pl.concat_str(pl.lit("Shown "), number)),
    )
    (posts,) = home.lake.glob("days/*/inputs/posts.parquet")
    written = pl.DataFrame(
        {
            "post_id": ["post-9", "post-v"],
            "author_id": ["m9", "v1"],
            "posted_at": [datetime(2024, 5, 1, 7, 31)] * 2,  # noqa: DTZ001 - the lake is UTC, naive
            "text": ["only I would say this", "thanks @Handle.7, see you"],
        }
    )
    pl.concat([pl.read_parquet(posts), written], how="diagonal_relaxed").write_parquet(posts)
    (evidence,) = home.lake.glob("runs/*/*/evidence.parquet")
    is_first = pl.int_range(pl.len()) == 0
    rewrite(
        evidence,
        signal=pl.when(is_first)
        .then(pl.lit("of another release"))
        .otherwise("signal"),  # examples of any kind
        example_ids=pl.when(is_first).then(pl.lit(["post-9", "post-v", "m8"])).otherwise("example_ids"),
        sentence=pl.when(is_first)
        .then(pl.lit("@handle.3, @m4 and Shown 8 follow it."))
        .otherwise("sentence"),
    )
    (groups,) = home.lake.glob("runs/*/*/communities.parquet")
    rewrite(groups, top_voices=pl.lit(["handle.5", "v1"]), name=pl.lit("tea · around Shown 5, @v1"))
    (rejects,) = home.lake.glob("days/*/inputs/rejects.parquet")
    lost = {"table_name": ["audience_members"], "value": ["m11;?"], "rule": ["broken"]}
    pl.concat([pl.read_parquet(rejects), pl.DataFrame(lost)], how="diagonal_relaxed").write_parquet(rejects)
    return home


def test_nobody_who_is_only_a_member_is_named_anywhere(home, tmp_path):
    plain = publish(home, named=True)
    before = found(home, tmp_path)
    assert before["published file"] > len(PERSONS.account_ids)
    assert before["reports"] > 0
    assert publish(home) == plain  # the same rows
    after = found(home, tmp_path)
    assert after["published file"] == after["reports"] == 0
    salt = (home.root / "privacy" / "salt").read_text().strip()
    assert salt.encode() not in home.published.read_bytes()
    assert (home.root / "privacy" / "salt").stat().st_mode & 0o077 == 0
    known = pseudonyms(home)
    with open_published(home.published) as file:
        first = read(file)
        assert first["members"] == {known.member(one) for one in MEMBERS}
        assert first["members"] == first["joined"]
        assert first["voices"][0] == [known.member("m5"), "v1"]
        examples, sentence = first["evidence"]
        assert examples == [known.post("post-9"), "post-v", known.member("m8")]
        assert sentence == f"@{known.member('m3')}, @{known.member('m4')} and {known.member('m8')} follow it."
        assert set(first["posts"]) == {
            (known.post("post-9"), "withheld: written by a member of the audience", datetime(2024, 5, 1)),  # noqa: DTZ001
            ("post-v", f"thanks @{known.member('m7')}, see you", datetime(2024, 5, 1, 7, 31)),  # noqa: DTZ001
        }
        assert first["rejects"] == [(WITHHELD,)]
        assert file.execute("SELECT count(*) FROM members_of('readers')").fetchall() == [(200,)]


def read(file):
    """What the tests look at, of a published file."""

    def rows(statement):
        return file.execute(statement).fetchall()

    return {
        "members": {one for (one,) in rows("SELECT account_id FROM audience_members")},
        "joined": {
            one
            for (one,) in rows(
                "SELECT accounts.account_id FROM graph.accounts JOIN graph.degrees USING (node)"
                " JOIN graph.names USING (account_id) JOIN audience_members USING (account_id)"
                " WHERE accounts.is_in_audience AND following = 6 AND display_name IS NULL"
            )
        },
        "voices": [one for (one,) in rows("SELECT top_voices FROM communities ORDER BY community")],
        "evidence": rows("SELECT example_ids, sentence FROM evidence WHERE 'post-v' IN example_ids")[0],
        "posts": rows("SELECT post_id, text, posted_at FROM example_posts"),
        "rejects": rows("SELECT DISTINCT value FROM quality.rejects"),
    }


def test_who_is_forgotten_is_known_by_both_names(home):
    assert "m-" not in "".join(known_persons(home, ["m3"]).account_ids)
    pseudonym = pseudonyms(home).member("m3")
    assert set(known_persons(home, ["m3"]).account_ids) == {"m3", pseudonym}
    assert known_persons(home, [pseudonym]) == known_persons(home, ["m3"])


def test_every_text_column_that_is_published_is_declared():
    groups = (ACCOUNTS, tuple(name for names in ACCOUNTS.values() for name in names), LISTS, LISTS_OF_TEXTS,
              POSTS, TEXTS, WORDS)  # fmt: skip
    with closing(duckdb.connect()) as connection:
        create_schema(connection)
        columns = {
            (name, str(kind))
            for table in ROW_ORDER
            for name, kind in zip(connection.table(table).columns, connection.table(table).types, strict=True)
        }
    texts = {name for name, kind in columns if kind in {"VARCHAR", "VARCHAR[]"}}
    places = {name: sum(name in group for group in groups) for name in texts}
    assert {name for name, n in places.items() if n != 1} == set(), "declare in pipelines/pseudonymous.py"
    assert {name for group in groups for name in group} == texts
    # what is called an id is one, unless it is told apart here
    assert {name for name in WORDS if re.search("_id(s|_[ab])?$|handle", name)} == {
        "run_id", "previous_run_id", "group_id",
    }  # fmt: skip


def test_mentions_in_any_spelling(tmp_path):
    lake, known = Lake(tmp_path), Pseudonyms(b"k" * 32)
    long_id = "did:plc:abcdefghijklmnopqrstuvwxyz"
    ids = [long_id, "7", "100200", "x y", "named"]
    handles = ["ana.runs", "é-mily", "mo@masto.example", "two words", "star"]
    members = pl.DataFrame({"account_id": ids, "handle": handles})
    texts = {
        "by @Ana.Runs.": f"by @{known.member(long_id)}.",
        "@ana.runs.too, bob@ana.runs.example": "@ana.runs.too, bob@ana.runs.example",
        "(@é-mily) 7 @7": f"(@{known.member('7')}) 7 @{known.member('7')}",
        "100200 and 1002003": f"{known.member('100200')} and 1002003",
        "@mo@masto.example!": f"@{known.member('100200')}!",
        "see @two words": f"see {known.member('x y')}",
        "did:plc:…wxyz and did:plc:abcdefghijklmnopqrstuvwxyz:": (
            f"{known.member(long_id)} and {known.member(long_id)}:"
        ),
        "@star stays": "@star stays",
    }
    evidence = pl.DataFrame(
        {"account_id": "named", "sentence": list(texts), "example_ids": [["7"]] * len(texts)}
    )
    ranking = pl.DataFrame({"account_id": ["named"], "handle": ["star"]})
    frames = {"audience_members": members, "evidence": evidence, "partner_rankings": ranking}
    for table, frame in frames.items():
        frame.write_parquet(tmp_path / f"{table}.parquet")
    sources = {table: tmp_path / f"{table}.parquet" for table in frames}
    made = pseudonymous(sources, [], known, lake, tmp_path)
    changed = pl.read_parquet(made["evidence"])
    assert changed["sentence"].to_list() == list(texts.values())
    assert changed["example_ids"].to_list() == [[known.member("7")]] * len(texts)
    assert set(changed["account_id"]) == {"named"}
    assert pl.read_parquet(made["audience_members"]).row(4) == ("named", "star")  # ranked, so named
    assert known.member("7") != Pseudonyms(b"l" * 32).member("7")
    assert known.member("7")[2:] != known.post("7")[2:]


def test_a_post_that_bears_the_number_of_a_member_keeps_it(tmp_path):
    lake, known = Lake(tmp_path), Pseudonyms(b"k" * 32)
    frames = {
        "audience_members": pl.DataFrame({"account_id": ["7", "star"], "handle": ["ana", "star"]}),
        "evidence": pl.DataFrame(
            {
                "account_id": "star",
                "signal": ["word_of_mouth", "endorsement", "of another release"],
                "example_ids": [["7"]] * 3,
            }
        ),
        "communities": pl.DataFrame({"name": ["around ana"], "top_voices": [["ana", None, "7x"]]}),
        "partner_rankings": pl.DataFrame({"account_id": ["star"], "handle": ["star"]}),
    }
    for table, frame in frames.items():
        frame.write_parquet(tmp_path / f"{table}.parquet")
    sources = {table: tmp_path / f"{table}.parquet" for table in frames}
    made = pseudonymous(sources, [], known, lake, tmp_path)
    hidden = known.member("7")
    assert pl.read_parquet(made["evidence"])["example_ids"].to_list() == [["7"], [hidden], [hidden]]
    assert pl.read_parquet(made["communities"])["top_voices"].to_list() == [[hidden, "7x"]]


def test_groups_of_few_members_are_withheld_and_counted(home):
    (path,) = home.lake.glob("runs/*/*/communities.parquet")
    sizes = sorted(pl.read_parquet(path)["members"])
    publish(home, named=True, smallest=sizes[0] + 1)
    with open_published(home.published) as file:
        shown = file.execute("SELECT members FROM communities ORDER BY members").fetchall()
        assert [one for (one,) in shown] == [size for size in sizes if size > sizes[0]]
        counts = file.execute("SELECT min(n) FROM (SELECT count(*) AS n FROM audience_members"
                              " WHERE community >= 0 GROUP BY community)").fetchall()  # fmt: skip
        assert counts == [(sizes[1] if len(sizes) > 1 else None,)]
        fewest = file.execute("SELECT min(followers_in_community) FROM community_voices").fetchall()[0][0]
        assert fewest is None or fewest > sizes[0]
        told = file.execute("SELECT sentence FROM quality.coverage WHERE subject = 'withheld'").fetchall()
    assert any(f"of {len(sizes)} groups inside audiences withheld" in sentence for (sentence,) in told)
    assert f"fewer than {sizes[0] + 1} members" in told[0][0]


def test_talk_of_few_voices_is_withheld_with_the_reason(tmp_path):
    columns = ("brand", "pushed_events", "pushed_voices", "member_posts", "member_voices",
               "member_to_member_events", "member_to_member_voices", "member_talk_share", "weeks",
               "communities", "sentence")  # fmt: skip
    rows = [
        ("One", 9, 3, 30, 12, 11, 8, 0.7, 4, 2, "12 members speak of One, 3 only pass on."),
        ("Two", 9, 7, 3, 2, 0, 0, 0.2, 1, 1, "2 members speak of Two, 7 only pass on."),
        ("3rd Way 4", 9, 7, 30, 12, 11, 8, 0.7, 4, 2, "1,200 members speak of 3rd Way 4."),
        ("Nil", 0, 0, 0, 0, None, None, None, 0, 0, "No member speaks of Nil."),
    ]
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    frame.write_parquet(tmp_path / "brand_talk.parquet")
    coverage = pl.DataFrame({"network": ["n"], "as_of": [date(2024, 5, 1)], "measure": ["x"]})
    coverage.write_parquet(tmp_path / "coverage.parquet")
    sources = {
        "brand_talk": tmp_path / "brand_talk.parquet",
        "quality.coverage": tmp_path / "coverage.parquet",
        "communities": [],
    }
    made = without_small_groups(sources, 5, Lake(tmp_path), tmp_path, network="n", day="2024-05-01")
    one, two, *rest = pl.read_parquet(made["brand_talk"]).rows()
    why = "What rests on fewer than 5 members is withheld."
    assert one == ("One", None, None, 30, 12, 11, 8, None, 4, 2,
                   f"12 members speak of One in their own words. {why}")  # fmt: skip
    assert two == ("Two", 9, 7, None, None, 0, 0, None, None, None,
                   f"Not all of the talk about Two is shown. {why}")  # fmt: skip
    assert rest == rows[2:]
    told = pl.read_parquet(made["quality.coverage"]).row(1, named=True)
    assert (told["value"], told["n"]) == (0.5, 4)


def test_the_settings_of_the_last_run_hold_and_damage_stops(tiny_copy, tmp_path):
    home = Home(tmp_path / "home")
    assert kept_privacy(home) == Privacy()
    assert known_pseudonyms(home) is None
    data = tiny_copy()
    (data / "dataset.toml").write_text("[privacy]\npseudonymous_members = true\n", encoding="utf-8")
    ingest = FolderIngest(home.scratch, home)
    ingest.run(str(data), None, home.day(date(2024, 5, 1)) / "inputs", "2024-05-01", 0.01)
    assert kept_privacy(home) == Privacy(pseudonymous_members=True)
    (home.root / "privacy" / "settings.json").write_text("[]")
    with pytest.raises(PrivacyError, match="cannot be read"):
        kept_privacy(home)
    salted = pseudonyms(home)
    assert pseudonyms(home) == salted
    for damaged in ("zz", "00"):
        (home.root / "privacy" / "salt").write_text(damaged)
        with pytest.raises(PrivacyError, match="salt"):
            pseudonyms(home)
