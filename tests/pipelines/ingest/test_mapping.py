"""The dataset.toml: its features, and every fault of it at once."""

from __future__ import annotations

import pytest

from pipelines.ingest.errors import InputFaultsError, MappingError
from pipelines.ingest.mapping import Lookup, read_config, reading_order


@pytest.fixture
def config(tmp_path):
    """Read a dataset.toml of that text."""

    def read(text):
        path = tmp_path / "dataset.toml"
        path.write_text(text)
        return read_config(path)

    return read


def faults_of(config, text):
    with pytest.raises(MappingError) as caught:
        config(text)
    return [str(fault) for fault in caught.value.faults]


def test_a_column_in_use_is_not_offered_for_another(data, ingest):
    (data / "follows.csv").write_text("follower,target\na,b\n")
    (data / "dataset.toml").write_text('[follows]\nfollower_id = "follower"\nfollowee_id = "followed"\n')
    with pytest.raises(InputFaultsError) as caught:
        ingest()
    assert "maps followee_id to a column 'followed', which is not there. Columns there:" in str(caught.value)
    (data / "dataset.toml").write_text('[follows]\nfollower_id = "follower"\n')
    with pytest.raises(InputFaultsError) as caught:
        ingest()
    assert "has no column 'followee_id'" in str(caught.value)
    assert "Did you mean" not in str(caught.value)


def test_no_file_means_the_contracts_names():
    config = read_config(None)
    assert config.network == "main"
    assert [source.file for source in config.of("follows")] == [None]


def test_a_mapping_is_read_as_written(config):
    found = config(
        """
        network = "x"
        [[interactions]]
        file = "a.txt"
        format = "csv"
        delimiter = " "
        header = false
        actor_id = "1"
        kind = { column = "4", values = { RT = "repost" } }
        occurred_at = { column = "3", unit = "s" }
        target_id = { column = "2", via = "posts.post_id", take = "author_id" }
        post_id = false
        [audiences."a b"]
        followers_of = ["@x", 12]
        """
    )
    (source,) = found.of("interactions")
    assert (source.file, source.file_format, source.delimiter, source.has_header) == (
        "a.txt",
        "csv",
        " ",
        False,
    )
    assert source.columns["kind"].values == {"RT": "repost"}
    assert source.columns["occurred_at"].unit == "s"
    assert source.columns["target_id"].lookup == Lookup("posts", "post_id", "author_id")
    assert source.columns["post_id"] is None
    assert found.audiences[0].followers_of == ("@x", "12")
    assert reading_order(found.sources).index("posts") < reading_order(found.sources).index("interactions")


def test_every_fault_is_reported_at_once(config):
    faults = faults_of(
        config,
        """
        netwrok = "x"
        [folows]
        file = "f.csv"
        [follows]
        folower_id = "a"
        followee_id = 3
        header = "no"
        delimiter = ", "
        format = "xls"
        followed_at = { column = "t", unit = "minutes", via = "posts.post_id" }
        unfollowed_at = { value = "x", column = "y" }
        [interactions]
        kind = { column = "k", unit = "s" }
        target_id = { column = "k", via = "post.post_id", take = "author_id" }
        actor_id = { column = "k", via = "posts.post_id", take = "autor_id" }
        [audiences.empty]
        [audiences.odd]
        followers = ["a"]
        [audiences.odder]
        followers_of = [{}]
        """,
    )
    text = "\n".join(faults)
    for words in (
        "'netwrok'. Did you mean 'network'?",
        "'folows'. Did you mean 'follows'?",
        "'folower_id'. Did you mean 'follower_id'?",
        "followee_id: must be a source column",
        "header: must be true or false",
        "delimiter: must be one ASCII character",
        "'xls', which is not known. Known: csv, jsonl, parquet",
        "'minutes' is not known",
        "`via` and `take` belong together",
        "needs either `column` or `value`",
        "`unit` is for times, and kind is not one",
        "'post.post_id' is not a table and its column. Did you mean 'posts'?",
        "has no column 'autor_id'. Did you mean 'author_id'?",
        '[audiences."empty"]: names no account',
        "'followers'. Did you mean 'followers_of'?",
        "must be a list of ids or @handles",
    ):
        assert words in text


def test_only_ids_are_handles_and_only_numbers_have_a_decimal_mark(config):
    faults = faults_of(
        config,
        """
        [follows]
        follower_id = { column = "a", as = "handle" }
        followee_id = { column = "b", as = "hnadle" }
        followed_at = { column = "c", as = "handle", decimal = "," }
        [rates]
        account_id = { column = "a", as = "handle", via = "accounts.handle", take = "account_id" }
        price = { column = "p", decimal = ";" }
        """,
    )
    assert len(faults) == 5
    for words in (
        "`decimal` is for numbers",
        "';', which is not known. Known: ,, .",
        "'hnadle', which is not known",
        "`as` is for ids",
        "`as` and `via` do not go together",
    ):
        assert any(words in fault for fault in faults)


def test_broken_toml_names_the_line(config):
    (fault,) = faults_of(config, 'network = "x"\n[follows\n')
    assert "line 2" in fault


def test_tables_may_not_look_things_up_in_a_circle(config):
    (fault,) = faults_of(
        config,
        """
        [posts]
        author_id = { column = "a", via = "accounts.handle", take = "account_id" }
        [accounts]
        handle = { column = "a", via = "posts.post_id", take = "author_id" }
        """,
    )
    assert "circle" in fault


def test_columns_values_constants_and_several_sources(data, ingest, rows):
    (data / "rt.csv").write_text("who,whom,kind\na,b,RT\nc,b,quote\n")
    (data / "likes.jsonl").write_text('{"u": {"id": 7}, "to": "b"}\n')
    (data / "dataset.toml").write_text(
        """
        [[interactions]]
        file = "rt.csv"
        actor_id = "who"
        target_id = "WHOM"
        kind = { column = "kind", values = { RT = "repost" } }
        [[interactions]]
        file = "likes.jsonl"
        actor_id = "/u/id"
        target_id = "to"
        kind = { value = "like" }
        """
    )
    ingest()
    assert rows("interactions", "actor_id", "target_id", "kind") == [
        ("a", "b", "repost"),
        ("c", "b", "quote"),
        ("7", "b", "like"),
    ]


def test_lookups_take_values_from_another_table(data, ingest, rows, rejects):
    (data / "posts.csv").write_text(
        "post_id,author_id,posted_at\n1,a,2020-01-01\n2,b,2020-01-02\n2,c,2020-01-03\n"
    )
    (data / "rt.csv").write_text("source,target\n2,1\n1,9\n")
    (data / "dataset.toml").write_text(
        """
        [interactions]
        file = "rt.csv"
        kind = { value = "repost" }
        actor_id = { column = "source", via = "posts.post_id", take = "author_id" }
        target_id = { column = "target", via = "posts.post_id", take = "author_id" }
        occurred_at = { column = "source", via = "posts.post_id", take = "posted_at" }
        """
    )
    report = ingest()
    ((actor, target, at),) = rows("interactions", "actor_id", "target_id", "occurred_at")
    assert (actor, target, at.isoformat()) == ("c", "a", "2020-01-03T00:00:00")
    assert rejects() == [("rt.csv", 3, "target_id", "9", "lookup_failed")]
    assert report.table("interactions").rows_in == 2


def test_a_lookup_in_a_table_that_is_not_there_is_a_fault(data, ingest):
    (data / "dataset.toml").write_text(
        '[follows]\nfollower_id = { column = "follower_id", via = "posts.post_id", take = "author_id" }\n'
    )
    with pytest.raises(InputFaultsError, match="looks things up in posts"):
        ingest()


def test_columns_and_files_that_are_not_there_are_named(data, ingest):
    (data / "users.csv").write_text("user_id,name\na,b\n")
    (data / "dataset.toml").write_text(
        '[accounts]\nfile = "users.csv"\naccount_id = "userid"\n[posts]\nfile = "post.csv"\n[rates]\n'
    )
    with pytest.raises(InputFaultsError) as caught:
        ingest()
    text = str(caught.value)
    assert "maps account_id to a column 'userid', which is not there. Did you mean 'user_id'?" in text
    assert "There are: audience_members.csv, follows.csv, users.csv." in text
    assert "There is no file post.csv." in text
    assert "There is no file rates.csv" in text


def test_a_column_that_bears_the_contracts_name_can_be_left_out(data, ingest, rows):
    (data / "accounts.csv").write_text("account_id,handle\na,Eve\n")
    (data / "dataset.toml").write_text("[accounts]\nhandle = false\n")
    ingest()
    assert rows("accounts", "handle") == [(None,)]


def test_patterns_name_several_files(data, ingest, rows):
    for number in (1, 2):
        (data / f"part-{number}.csv").write_text(f"post_id,author_id\n{number},a\n")
    (data / "dataset.toml").write_text('[posts]\nfile = "part-*.csv"\n')
    ingest()
    assert rows("posts", "post_id") == [("1",), ("2",)]


def test_a_time_format_that_is_none(data, ingest):
    (data / "dataset.toml").write_text('[follows]\nfollowed_at = { column = "follower_id", format = "%Q" }\n')
    with pytest.raises(InputFaultsError, match="Use the codes of strftime"):
        ingest()


@pytest.mark.parametrize("named", ["/etc/passwd", "../secrets.csv", "a/../../secrets.csv"])
def test_a_mapping_cannot_lead_out_of_the_dataset(data, ingest, named):
    (data.parent / "secrets.csv").write_text("post_id,author_id\n1,a\n")
    (data / "dataset.toml").write_text(f'[posts]\nfile = "{named}"\nformat = "csv"\n')
    with pytest.raises(InputFaultsError, match="outside of the dataset"):
        ingest()


def test_a_mapping_may_lie_elsewhere(data, ingest, tmp_path, rows):
    (data / "audience_members.csv").unlink()
    elsewhere = tmp_path / "elsewhere.toml"
    elsewhere.write_text('network = "n"\n[audiences.fans]\nfollowers_of = ["b"]\n')
    report = ingest(config=elsewhere)
    assert report.network == "n"
    assert rows("audience_members", "audience", "account_id") == [("fans", "a"), ("fans", "c")]
