"""The drafted dataset.toml: it parses, it is right where it can be, and it overwrites nothing."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime

import polars as pl
import pytest

from pipelines.ingest import ingest_dataset
from pipelines.ingest.draft import draft_dataset_toml, write_draft
from pipelines.ingest.errors import DraftExistsError, InputFaultsError
from pipelines.ingest.mapping import read_config
from pipelines.settings import SMALLEST_GROUP, shipped_interaction_weights, shipped_trust_weights


def test_a_folder_that_follows_the_contract_passes_as_it_is(data, ingest, rows):
    (data / "accounts.parquet").unlink(missing_ok=True)
    (data / "accounts.jsonl").write_text('{"account_id": "a", "handle": "Eve", "followers_count": 3}\n')
    (data / "interactions").mkdir()
    (data / "interactions" / "1.csv").write_text("actor_id,target_id,kind,occurred_at\na,b,like,2020-01-01\n")
    (data / "snapshots.csv").write_text("account_id,observed_at\na,1577836800\n")
    before = ingest(reject_limit=1.0)
    path = write_draft(data)
    assert path == data / "dataset.toml"
    after = ingest(reject_limit=0.0)
    assert [table.rows_in for table in after.tables] == [table.rows_in for table in before.tables]
    assert after.table("accounts").columns_present == before.table("accounts").columns_present
    assert rows("snapshots", "observed_at")[0][0].isoformat() == "2020-01-01T00:00:00"


def test_foreign_names_are_guessed(tmp_path):
    (tmp_path / "users.csv").write_text("id,username,followers,shoe size\n1,Eve,3,41\n2,Bob,4,42\n")
    (tmp_path / "edges.csv").write_text("source,target\n1,2\n")
    (tmp_path / "tweets.csv").write_text("id,user_id,created_at\n10,1,1577836800000\n11,2,1577836800000\n")
    (tmp_path / "retweets.csv").write_text("source,target\n10,11\n")
    (tmp_path / "activity.csv").write_text("from,to,type,date\n1,2,RT,31.12.2020\n1,2,poke,31.12.2020\n")
    text = draft_dataset_toml(tmp_path)
    found = tomllib.loads(text)
    assert found["accounts"]["account_id"] == "id"
    assert found["accounts"]["followers_count"] == "followers"
    assert "# Not used: shoe size" in text
    assert (found["follows"]["follower_id"], found["follows"]["followee_id"]) == ("source", "target")
    assert "Check the direction" in text
    assert found["posts"]["posted_at"] == {"column": "created_at", "unit": "ms"}
    activity, retweets = found["interactions"]
    assert activity["kind"] == {"column": "type", "values": {"RT": "repost"}}
    assert "# ? not known: poke" in text
    assert activity["occurred_at"] == {"column": "date", "format": "%d.%m.%Y"}
    assert retweets["kind"] == {"value": "repost"}
    assert retweets["actor_id"] == {"column": "source", "via": "posts.post_id", "take": "author_id"}
    assert "An audience must still be chosen" in text
    assert '# followers_of = ["2"]' in text


def test_a_file_without_a_header(tmp_path):
    (tmp_path / "activity.txt").write_text("1 2 1455385362 MT\n1 3 1455385362 RT\n")
    text = draft_dataset_toml(tmp_path)
    section = tomllib.loads(text)["interactions"]
    assert (section["delimiter"], section["header"]) == (" ", False)
    assert section["occurred_at"] == {"column": "3", "unit": "s"}
    assert section["kind"]["values"] == {"MT": "mention", "RT": "repost"}
    assert '# actor_id = "1" # ?' in text


def drafted(folder):
    text = draft_dataset_toml(folder)
    return tomllib.loads(text), text


def test_a_first_line_that_is_a_row(tmp_path):
    (tmp_path / "follows.csv").write_text("u1,u2\nu2,u3\nu3,u1\n")
    (tmp_path / "customers.csv").write_text("u3\nu4\n")
    (tmp_path / "brands.csv").write_text("Acme,Shoes\nBeta,Hats\n")
    found, text = drafted(tmp_path)
    assert found["follows"] == {"file": "follows.csv", "header": False}
    assert '# follower_id = "1" # ? who follows' in text
    assert "Not used: u1" not in text
    assert found["audience_members"]["header"] is False
    assert "header" not in found["brands"]
    assert "# ? None of its columns is known by name. If its first line is a row: header = false" in text


@pytest.mark.parametrize("first", ["user;User", "from;to", "7;8"])
def test_a_first_line_with_a_known_name_or_with_numbers(tmp_path, first):
    (tmp_path / "follows.csv").write_text(f"{first}\nuser;from\nto;9\n")
    assert drafted(tmp_path)[0]["follows"].get("header", True) is (first != "7;8")


def test_names_in_other_languages(tmp_path):
    (tmp_path / "Nutzer.csv").write_text("ID;Nutzername;created;Avatar;Catégorie\n1;a;2020-01-01;ja;x\n")
    (tmp_path / "précios.csv").write_text("Cuenta,Precio,Moneda\n1,5,EUR\n")
    (tmp_path / "Beiträge.csv").write_text("id,Verfasser,Veröffentlicht,Inhalt\n1,1,x,y\n")
    found, _ = drafted(tmp_path)
    assert found["accounts"] == {
        "file": "Nutzer.csv",
        "account_id": "ID",
        "handle": "Nutzername",
        "created_at": "created",
        "has_avatar": {"column": "Avatar", "values": {"ja": "true"}},
        "category": "Catégorie",
    }
    assert found["rates"] | {"file": ""} == {
        "file": "",
        "account_id": "Cuenta",
        "price": "Precio",
        "currency": "Moneda",
    }
    assert (found["posts"]["author_id"], found["posts"]["text"]) == ("Verfasser", "Inhalt")


def test_a_column_of_yes_and_no(tmp_path):
    (tmp_path / "accounts.csv").write_text("id,avatar,verified,private\n1,yes,,no.jpg\n2,0,,\n3,?,,ja\n")
    found, text = drafted(tmp_path)
    accounts = found["accounts"]
    assert (accounts["has_avatar"], accounts["is_verified"]) == ("avatar", "verified")
    assert (
        '# is_private = "private" # ? whether its follows and posts are hidden: true or false, not ja' in text
    )


def test_encodings_are_seen(tmp_path):
    (tmp_path / "rates.csv").write_bytes("account_id,price\n1,5\n".encode("utf-16"))
    (tmp_path / "accounts.csv").write_bytes("id,größe\n1,ä\n".encode("latin-1"))
    (tmp_path / "posts.csv").write_bytes("id,author,text\n1,1,äöü\n2,1,".encode() + b"\xe4\n")
    found, text = drafted(tmp_path)
    assert found["rates"]["encoding"] == "utf-16"
    assert found["accounts"]["encoding"] == "latin-1"
    assert "check that names read well" in text
    assert "# Not used: größe" in text
    assert "encoding" not in found["posts"]  # one damaged line is refused, the others are read as they are


def test_a_spreadsheet_is_named(tmp_path):
    (tmp_path / "rates.XLSX").write_bytes(b"PK\x03\x04")
    assert (
        "#   rates.XLSX: is a spreadsheet. Excel is not read; save each sheet as CSV." in drafted(tmp_path)[1]
    )


def test_names_cannot_break_out_of_the_file(tmp_path):
    (tmp_path / 'odd "name".csv').write_text('"a\nnetwork = 1","ü""\\"\n1,2\n')
    (tmp_path / "unread.csv").write_bytes(bytes(range(256)) * 10)
    text = draft_dataset_toml(tmp_path)
    assert set(tomllib.loads(text)) == {"network"}
    assert 'odd "name".csv: which table is it?' in text
    assert "unread.csv: holds binary data" in text


def test_nothing_is_overwritten_unless_allowed(data):
    (data / "dataset.toml").write_text("# mine\n")
    with pytest.raises(DraftExistsError, match="there already"):
        write_draft(data)
    assert (data / "dataset.toml").read_text() == "# mine\n"
    write_draft(data, overwrite=True)
    assert (data / "dataset.toml").read_text() != "# mine\n"


def test_a_folder_that_is_none(tmp_path):
    with pytest.raises(InputFaultsError, match="no such folder"):
        draft_dataset_toml(tmp_path / "none")


def test_the_settings_of_a_draft_are_valid_once_they_are_uncommented(tmp_path):
    (tmp_path / "follows.csv").write_text("follower_id,followee_id\na,b\n", encoding="utf-8")
    text = draft_dataset_toml(tmp_path)
    _, found, settings = text.partition("# Settings, all optional")
    assert found
    lines = [line.removeprefix("# ") for line in settings.splitlines()[1:]]
    path = tmp_path / "dataset.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    read = read_config(path).settings
    assert read.interaction_weights == {"like": shipped_interaction_weights()["like"]}
    assert read.trust_weights == {"endorsement": shipped_trust_weights()["endorsement"]}
    assert read.baselines == {"my audience": "category:coffee"}
    assert read.half_life_days == 90
    assert read.privacy.pseudonymous_members
    assert read.privacy.smallest_group == SMALLEST_GROUP


def test_a_list_of_ids_is_an_audience_named_like_its_file(tmp_path):
    (tmp_path / "customers.csv").write_text("id\n1\n2\n")
    (tmp_path / "edges.csv").write_text("source,target\n1,2\n")

    found = tomllib.loads(draft_dataset_toml(tmp_path))["audience_members"]

    assert found == {"file": "customers.csv", "audience": {"value": "customers"}, "account_id": "id"}


# exports as people have them ------------------------------------------------------------------------------


@pytest.fixture
def exports(tmp_path):
    """A spreadsheet's profiles, prices and customers, a platform's posts, and follows by handle."""
    (tmp_path / "Profile.csv").write_text(
        "\ufeffProfil-ID;Benutzername;Erstellt am;Follower;Profilbild\r\n"
        "1;@Eve;13.08.2020 05:31;12.000;ja\r\n2;@Bob;01.02.2019 23:59;1.234;nein\r\n3;@Ann;;7;ja\r\n",
        encoding="utf-8",
    )
    (tmp_path / "Follower-Export (1).csv").write_text("Profil;Folgt\n@EVE;bob\nann;@Bob\n")
    (tmp_path / "tweets.jsonl").write_text(
        '{"id": 10, "id_str": "10", "user": {"screen_name": "Eve", "id": 1, "id_str": "1"}}\n'
    )
    (tmp_path / "Kunden.csv").write_text(
        "E-Mail;Twitter;Umsatz;Kunde seit\na@example.org;https://x.com/eve;1.020,50;02.07.2020\n"
        "b@example.org;@ANN;99,50;28.12.2020\n"
    )
    (tmp_path / "names.csv").write_text("handle\nTwitter\n")  # a value that is the name of a column elsewhere
    (tmp_path / "Preise.csv").write_text("Creator;Preis\n@Bob;1.200,00 €\n")
    return tmp_path


def test_the_draft_of_such_exports_is_used_as_it_is(exports, tmp_path_factory):
    (exports / "names.csv").unlink()
    write_draft(exports)
    out = tmp_path_factory.mktemp("lake")
    report = ingest_dataset(
        exports, out, now=datetime(2024, 6, 1, tzinfo=UTC), as_of=date(2024, 5, 31), reject_limit=0.0
    )
    assert report.faults == ()
    assert [table.rows_rejected + table.values_refused for table in report.tables] == [0] * 5
    members = pl.read_parquet(out / "audience_members.parquet").sort("account_id")
    assert members["account_id"].to_list() == ["1", "3"]
    assert members["weight"].to_list() == [1020.5, 99.5]
    assert pl.read_parquet(out / "accounts.parquet")["followers_count"].to_list() == [12_000, 1_234, 7]
    assert pl.read_parquet(out / "rates.parquet").row(0)[:2] == ("2", 1200.0)
    assert pl.read_parquet(out / "posts.parquet").row(0)[:2] == ("10", "1")


def test_a_first_line_over_figures_is_one_of_names_whatever_else_bears_them(exports):
    text = draft_dataset_toml(exports)
    members = tomllib.loads(text)["audience_members"]
    assert "header" not in members
    assert members["account_id"] == {"column": "Twitter", "via": "accounts.handle", "take": "account_id"}
    assert "# Not used: E-Mail\n" in text


def test_accounts_to_derive_an_audience_from_are_shown_with_their_handles(tmp_path):
    (tmp_path / "follows.csv").write_text("follower_id,followee_id\n1,7\n2,7\n1,8\n")
    (tmp_path / "accounts.csv").write_text("account_id,handle\n7,Star\n1,ann\n")
    text = draft_dataset_toml(tmp_path)
    assert '# followers_of = ["7"] # @Star, 2 of the rows looked at\n' in text
    assert '# followers_of = ["8"] # 1 of the rows looked at\n' in text


def test_a_column_of_names_is_no_column_of_ids_where_handles_stand_beside_it(tmp_path):
    (tmp_path / "follows.csv").write_text("follower_id,followee_id\nann,star\nbob,star\n")
    (tmp_path / "Kundenliste.csv").write_text(
        "Kunde;Handle;Umsatz\nAnn Archer;@ann;12\nBob Baker;@bob;9\nCleo;@cleo;3\n"
    )
    members = tomllib.loads(draft_dataset_toml(tmp_path))["audience_members"]
    assert members["account_id"] == {"column": "Handle", "as": "handle"}
    (tmp_path / "Kundenliste.csv").write_text("Kunde;Handle\nann;@Ann1\nbob;@Bob2\n")
    members = tomllib.loads(draft_dataset_toml(tmp_path))["audience_members"]
    assert "Kunde" in str(members["account_id"])


def test_where_people_are_known_by_handle_alone_every_id_is_one(tmp_path):
    (tmp_path / "followers.jsonl").write_text('{"follower": "@Eve", "following": "bob"}\n')
    (tmp_path / "customers.csv").write_text("Name,Instagram\nX,eve\n")
    (tmp_path / "users.csv").write_text("username,followers\nEve,3\n")
    found = tomllib.loads(draft_dataset_toml(tmp_path))
    assert found["follows"]["followee_id"] == {"column": "following", "as": "handle"}
    assert found["audience_members"]["account_id"] == {"column": "Instagram", "as": "handle"}
    assert found["accounts"]["account_id"] == {"column": "username", "as": "handle"}


@pytest.mark.parametrize(
    ("days", "drafted"),
    [
        (("31.12.2020", "01.02.2021"), '{ column = "date", format = "%d.%m.%Y" }'),
        (("12/31/2020 9:05 PM", "02/01/2021 1:00 AM"), '{ column = "date", format = "%m/%d/%Y %I:%M %p" }'),
        (
            ("01/02/2020", "03/04/2020"),
            '{ column = "date", format = "%d/%m/%Y" } # ? or %m/%d/%Y: 01/02/2020',
        ),
        (("soon", "later"), 'format = "?" } # for example later'),
    ],
)
def test_the_format_of_dates(tmp_path, days, drafted):
    rows = "".join(f"1,2,RT,{day}\n" for day in days)
    (tmp_path / "activity.csv").write_text(f"from,to,type,date\n{rows}")
    assert drafted in draft_dataset_toml(tmp_path)


@pytest.mark.parametrize(
    ("prices", "drafted"),
    [
        (("1200.50", "12"), 'price = "price"'),
        (("1.200,50", "12"), 'decimal = "," }\n'),
        (("$1,200", "$12.50"), 'decimal = "." }\n'),
        (("1.200", "900"), 'decimal = "," } # ? read so that 1.200 has thousands'),
        (("free", "1,5 or so"), 'price = "price"'),
    ],
)
def test_the_marks_in_prices(tmp_path, prices, drafted):
    rows = "".join(f"{n};{price}\n" for n, price in enumerate(prices))
    (tmp_path / "rates.csv").write_text(f"account_id;price\n{rows}")
    assert drafted in draft_dataset_toml(tmp_path)
