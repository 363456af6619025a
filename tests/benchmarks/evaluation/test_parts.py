"""Pages of parts, and the page in front of them."""

from __future__ import annotations

from tests.benchmarks.evaluation.parts import Bar, Options, Part, write_front, write_part

BARS = (Bar("a", "≥ 1", "2", True), Bar("b", "≥ 1", "0", False), Bar("c", "≥ 1", "–", None))


def test_a_part_says_what_holds_and_the_front_page_repeats_it(tmp_path):
    part = Part("One", "- in short", "![p](p.svg)\n\nbody", BARS, {"p.svg": "<svg/>"})
    page = write_part("one", part, Options(seed=3), 200.0, tmp_path).read_text(encoding="utf-8")
    assert page.startswith("# One\n")
    assert "seed 3, in 3 min" in page
    assert (tmp_path / "evaluation" / "p.svg").read_text(encoding="utf-8") == "<svg/>"
    front = write_front(["one", "never measured"], tmp_path).read_text(encoding="utf-8")
    for text in (page, front):
        assert "| a | ≥ 1 | 2 | yes |" in text
        assert "| b | ≥ 1 | 0 | **no** |" in text
        assert "| c | ≥ 1 | – | not measured |" in text
    assert "## [One](evaluation/one.md)\n\n- in short" in front
    assert "never measured" not in front


def test_a_part_without_bars_has_no_table(tmp_path):
    page = write_part("two", Part("Two", "x", "y"), Options(), 1.0, tmp_path)
    assert "## Bars" not in page.read_text(encoding="utf-8")
