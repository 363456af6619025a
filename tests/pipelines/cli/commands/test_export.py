import csv
import json
import os
import zipfile
from xml.etree import ElementTree as ET

import duckdb
import polars as pl
import pytest

from tests.pipelines.cli.conftest import POTS, RUNNERS, build_published

SHEETS = ["Read me", "Portfolio", "Candidates", "Evidence", "Overlap", "Changes", "Groups", "Advocates"]
NS = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
FORMULA = '=HYPERLINK("http://evil.example","click")'


def read_workbook(path):
    """Every sheet as rows of (type, text) cells, and the sheets' own XML."""
    with zipfile.ZipFile(path) as archive:
        parsed = {
            name: ET.fromstring(archive.read(name))  # noqa: S314 - the file that this test has just made
            for name in archive.namelist()
            if name.endswith(".xml")
        }
    names = [sheet.get("name") for sheet in parsed["xl/workbook.xml"].iter(f"{{{NS['x']}}}sheet")]
    strings = [
        "".join(part.text or "" for part in item.iter(f"{{{NS['x']}}}t"))
        for item in parsed["xl/sharedStrings.xml"]
    ]
    assert not [name for name in parsed if "/tables/" in name]  # their styles vanish elsewhere
    trees = {name: parsed[f"xl/worksheets/sheet{index}.xml"] for index, name in enumerate(names, start=1)}
    rows = {}
    for name, tree in trees.items():
        rows[name] = []
        for row in tree.iter(f"{{{NS['x']}}}row"):
            cells = []
            for cell in row:
                value = cell.find("x:v", NS)
                text = None if value is None else value.text
                cells.append(strings[int(text)] if cell.get("t") == "s" else text and float(text))
            rows[name].append(cells)
    return rows, trees


@pytest.fixture
def workbook(call, tmp_path):
    path = tmp_path / "deep" / "partners.xlsx"
    result = call("export", "-o", path)
    assert (result.exit_code, result.stdout) == (0, "")
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]  # nothing half-written is left
    return read_workbook(path)


def test_the_workbook_has_its_sheets_and_prints_on_pages(workbook):
    rows, trees = workbook
    assert list(rows) == SHEETS
    for name in SHEETS:
        setup = trees[name].find("x:pageSetup", NS)
        assert setup.get("orientation") == "landscape"
        assert (setup.get("fitToWidth") or "1", setup.get("fitToHeight")) == ("1", "0")
    for name in SHEETS[1:]:
        assert trees[name].find(".//x:pane", NS).get("state") == "frozen"


def test_cells_are_numbers_and_names_stay_text(workbook):
    rows, trees = workbook
    header, *candidates = rows["Candidates"]
    first = dict(zip(header, candidates[0], strict=True))
    by_id = {row[header.index("account id")]: row for row in candidates}
    assert {"100", "104", "108"} <= set(by_id)
    assert by_id["104"][header.index("handle")] == f"'{FORMULA}"
    assert not list(trees["Candidates"].iter(f"{{{NS['x']}}}f"))
    assert not list(trees["Candidates"].iter(f"{{{NS['x']}}}hyperlink"))
    assert isinstance(first["reach"], float)


def test_unknown_is_an_empty_cell(workbook):
    rows, _ = workbook
    header, *candidates = rows["Candidates"]
    [unknown] = [row for row in candidates if row[header.index("account id")] == "108"]
    assert [unknown[header.index(name)] for name in ("rank", "handle", "trust", "risk", "reach")] == [
        None
    ] * 5


def test_a_status_stands_beside_its_reason(workbook):
    rows, _ = workbook
    header, *candidates = rows["Candidates"]
    by_id = {row[header.index("account id")]: row for row in candidates}
    told = {key: by_id[key][header.index("status") :][:2] for key in ("100", "103", "104")}
    assert told == {
        "100": ["recommended", "Trusted here, and nothing unusual was measured."],
        "103": ["watch", "risk"],
        "104": ["watch", "not special here"],
    }


def test_the_read_me_says_what_it_is(workbook):
    text = "\n".join(str(cell) for row in workbook[0]["Read me"] for cell in row)
    assert "not verdicts" in text
    assert "Generated demo world" in text
    assert "Stop after pick 2" in text


def test_the_read_me_gives_the_advice_of_each_plan_by_name(call, tmp_path):
    with duckdb.connect(build_published(tmp_path / "partners.duckdb")) as connection:
        connection.execute(
            "INSERT INTO portfolio BY NAME SELECT * REPLACE ('budget' AS plan, 900.0 AS budget) "
            "FROM portfolio WHERE pick = 1"
        )
    assert call("export", "-o", tmp_path / "plans.xlsx", at=tmp_path).exit_code == 0
    said = read_workbook(tmp_path / "plans.xlsx")[0]["Read me"]
    names = [name for name, _ in said]
    place = names.index(RUNNERS)
    assert names[place + 1 : place + 3] == [
        "The plan for a budget",
        "The plan for a number of partners",
    ]
    assert said[place + 1][1].startswith("The one pick reaches 4,000 members (50.0 %).")
    assert said[place + 2][1].startswith("Stop after pick 2: ")
    assert "No plan within the budget of 900" in "".join(text for _, text in said[:place])


def test_what_the_columns_mean_is_what_they_hold(workbook):
    """As the comments of the published file say of the columns behind them."""
    means = dict(workbook[0]["Read me"])
    titles = {title for rows in workbook[0].values() for title in rows[0]}
    assert {"adds members", "adds, by trust", "score", "label"} <= titles & set(means)
    assert "weighted by the picks' scores" in means["adds, by trust"]
    assert "counted alike" in means["adds members"]
    assert means["lift"].startswith("Reach cleaned ÷ the share among comparable accounts")
    assert "conversation" in means["trust"]
    assert "unasked" in means["voices"]
    assert means["stability"].startswith("How much of a group is found again")


def test_a_person_s_label_stands_in_the_list(call, tmp_path):
    with duckdb.connect(build_published(tmp_path / "partners.duckdb")) as connection:
        connection.execute("UPDATE partner_rankings SET review = 'genuine' WHERE account_id = '104'")
    assert call("export", "-o", tmp_path / "label.xlsx", at=tmp_path).exit_code == 0
    header, *candidates = read_workbook(tmp_path / "label.xlsx")[0]["Candidates"]
    labels = {row[header.index("account id")]: row[header.index("label")] for row in candidates}
    assert (labels["104"], labels["103"]) == ("genuine", None)


def test_evidence_and_overlap_are_there(workbook):
    rows, _ = workbook
    assert [row[rows["Evidence"][0].index("speaks")] for row in rows["Evidence"][1:]] == [
        "for",
        "for",
        "against",
    ]
    assert rows["Overlap"][1][:2] == ["maria.runs", f"'{FORMULA}"]


def test_changes_say_who_moved_and_why(workbook):
    rows, _ = workbook
    header, *changes = rows["Changes"]
    by_id = {row[header.index("account id")]: dict(zip(header, row, strict=True)) for row in changes}
    assert list(by_id) == ["100", "101", "102", "110"]
    maria = by_id["100"]
    assert [maria[name] for name in ("change", "place before", "place now", "cause")] == [
        "moved", 2, 1, "word of mouth",
    ]  # fmt: skip
    assert [maria[name] for name in ("score by it", "status before", "status", "pick now")] == [
        0.13, "watch", "recommended", "★",
    ]  # fmt: skip
    assert by_id["110"]["place now"] is None


def test_there_is_room_to_decide_and_what_prints_is_readable(call, tmp_path):
    path = tmp_path / "one.xlsx"
    assert call("export", "-o", path, "--audience", "trail runners").exit_code == 0
    rows, trees = read_workbook(path)
    assert "audience" not in rows["Candidates"][0]  # it is the same in every row
    validation = trees["Candidates"].find(".//x:dataValidation", NS)
    assert validation.find("x:formula1", NS).text == '"yes,maybe,no"'
    with zipfile.ZipFile(path) as archive:
        names = ET.fromstring(archive.read("xl/workbook.xml")).find("x:definedNames", NS)  # noqa: S314 - just made
    printed = {name.text for name in names if name.get("name") == "_xlnm.Print_Area"}
    last = rows["Candidates"][0].index("comment")
    assert f"Candidates!$A$1:${chr(ord('A') + last)}$11" in printed
    risk = rows["Candidates"][0].index("risk")
    assert rows["Candidates"][1][risk] == 0.03  # a number, which its format shows as < 1 % where it is below


def test_long_reasons_get_the_height_they_need(workbook):
    rows, trees = workbook
    heights = [float(row.get("ht", 15)) for row in trees["Read me"].iter(f"{{{NS['x']}}}row")]
    assert len(heights) == len(rows["Read me"])
    for height, (_, text) in zip(heights, rows["Read me"], strict=True):
        assert height > 15 or len(text) < 120


def test_groups_and_advocates_are_there_and_their_formulas_stay_text(workbook):
    rows, trees = workbook
    header, group = rows["Groups"]
    told = dict(zip(header, group, strict=True))
    assert told["group"] == "trail shoes, الجبل · around @maria.runs"
    assert (told["members"], told["small"], told["stability"]) == (40, "small", 0.9)
    assert told["what they share"] == f"trail shoes, {FORMULA}"
    assert told["voices that the list hides"] == f"'{FORMULA}"
    header, advocate = rows["Advocates"]
    told = dict(zip(header, advocate, strict=True))
    assert (told["brand"], told["handle"], told["examples"]) == ("'+brand", f"'{FORMULA}", "'-1; p2")
    assert (told["first"], told["last"], told["spoke before it"]) == ("2026-01-05", None, "yes")
    for name in ("Groups", "Advocates"):
        assert not list(trees[name].iter(f"{{{NS['x']}}}f"))
        assert not list(trees[name].iter(f"{{{NS['x']}}}hyperlink"))


def test_whom_to_avoid_is_no_voice_that_the_list_hides(call, tmp_path):
    with duckdb.connect(build_published(tmp_path / "partners.duckdb")) as connection:
        connection.execute(
            "INSERT INTO community_voices BY NAME SELECT * REPLACE ("
            "'105' AS account_id, 'to.avoid' AS handle, 3 AS position) "
            "FROM community_voices WHERE account_id = '104'"
        )
        assert connection.sql("SELECT status FROM ranked_partners WHERE account_id = '105'").fetchone() == (
            "avoid",
        )
    assert call("export", "-o", tmp_path / "groups.xlsx", at=tmp_path).exit_code == 0
    header, group = read_workbook(tmp_path / "groups.xlsx")[0]["Groups"]
    told = dict(zip(header, group, strict=True))
    assert told["voices"] == f"maria.runs, {FORMULA}, to.avoid (avoid)"
    assert told["voices that the list hides"] == f"'{FORMULA}"
    assert call("export", "-o", tmp_path / "tables", at=tmp_path).exit_code == 0
    with (tmp_path / "tables" / "communities.csv").open(encoding="utf-8", newline="") as file:
        [row] = csv.DictReader(file)
    assert "to.avoid" not in row["hidden_voices"]
    assert json.loads(row["voice_statuses"]) == ["recommended", "watch", "avoid"]


def test_sheets_without_rows_are_left_out(call, tmp_path):
    path = tmp_path / "pots.xlsx"
    assert call("export", "-o", path, "--audience", POTS).exit_code == 0
    assert list(read_workbook(path)[0]) == SHEETS[:6]


def test_lists_in_every_format(call, tmp_path):
    for ending in ("csv", "json", "jsonl", "parquet"):
        assert call("export", "-o", tmp_path / f"list.{ending}", "--audience", "trail runners").exit_code == 0
    with (tmp_path / "list.csv").open(encoding="utf-8", newline="") as file:
        from_csv = list(csv.DictReader(file))
    from_json = json.loads((tmp_path / "list.json").read_text(encoding="utf-8"))
    lines = (tmp_path / "list.jsonl").read_text(encoding="utf-8").splitlines()
    from_parquet = pl.read_parquet(tmp_path / "list.parquet")
    assert len(from_csv) == len(from_json) == len(lines) == from_parquet.height == 10
    assert [row["account_id"] for row in from_csv] == from_parquet["account_id"].to_list()
    assert from_json == [json.loads(line) for line in lines]
    assert FORMULA in from_parquet["handle"].to_list()
    assert {"\r", "\ufeff"}.isdisjoint((tmp_path / "list.csv").read_text(encoding="utf-8"))


def test_a_folder_gets_a_file_per_table(call, tmp_path):
    assert call("export", "-o", tmp_path / "tables").exit_code == 0
    assert sorted(path.name for path in (tmp_path / "tables").iterdir()) == [
        "advocates.csv", "audience_overlap.csv", "communities.csv", "evidence.csv", "portfolio.csv",
        "rank_changes.csv", "ranked_partners.csv",
    ]  # fmt: skip
    with (tmp_path / "tables" / "communities.csv").open(encoding="utf-8", newline="") as file:
        assert [row["name"] for row in csv.DictReader(file)] == ["trail shoes, الجبل · around @maria.runs"]


def test_columns_of_an_export(call, tmp_path):
    assert call("export", "-o", tmp_path / "a.csv", "--columns", "rank,handle").exit_code == 0
    assert (tmp_path / "a.csv").read_text(encoding="utf-8").startswith("rank,handle\n")
    assert call("export", "-o", tmp_path / "a.parquet", "--columns", "rank").exit_code == 0
    assert pl.read_parquet(tmp_path / "a.parquet").columns == ["rank"]
    assert call("export", "-o", tmp_path / "a.xlsx", "--columns", "rank").exit_code == 2


def test_an_unknown_ending_is_handled(call, tmp_path):
    result = call("export", "-o", tmp_path / "partners.doc")
    assert result.exit_code == 1
    assert ".xlsx" in result.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_handled(call, tmp_path):
    tmp_path.chmod(0o500)
    result = call("export", "-o", tmp_path / "partners.csv")
    tmp_path.chmod(0o700)
    assert result.exit_code == 1
    assert "Permission denied" in result.stderr


def test_a_failed_export_leaves_the_old_file(call, tmp_path, monkeypatch):
    path = tmp_path / "partners.csv"
    path.write_text("old")
    monkeypatch.setattr("pipelines.cli.commands.export.csv_text", lambda *_: 1 / 0)
    assert call("export", "-o", path).exit_code == 1
    assert path.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1
