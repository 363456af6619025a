"""`vouch report`: the page from the published file alone."""

from __future__ import annotations


def test_every_audience_gets_its_report_in_the_home(call, home, tmp_path):
    copy = tmp_path / "home"
    copy.mkdir()
    (copy / "partners.duckdb").write_bytes((home / "partners.duckdb").read_bytes())
    result = call("report", at=copy)
    assert result.exit_code == 0
    written = result.stdout.split("\n")[:-1]
    assert [copy / "reports" / path.name for path in sorted((copy / "reports").iterdir())] == sorted(
        map(type(copy), written)
    )
    assert "candidates" in result.stderr


def test_one_audience_goes_to_the_file_that_was_named(call, tmp_path):
    out = tmp_path / "deep" / "page.html"
    result = call("report", "-o", out)
    assert (result.exit_code, result.stdout) == (0, f"{out}\n")
    assert out.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert [path.name for path in out.parent.iterdir()] == ["page.html"]


def test_an_unknown_audience_is_refused(call, tmp_path):
    result = call("report", "-o", tmp_path / "page.html", "--audience", "nobody of this name")
    assert result.exit_code == 1
    assert "There is no audience" in result.stderr
    assert not list(tmp_path.iterdir())
