"""Text from strangers stays text, whatever it tries to be."""

from __future__ import annotations

import json

import pytest

from pipelines.statements import quoted
from tests.pipelines.report.conftest import FULL, TRUST_PARTS, Page

SCRIPT = "</script><script>window.owned=1</script>"
IMAGE = '"><img src=x onerror=window.owned=1>'
QUOTE = "' onmouseover='window.owned=1"
TEMPLATE = "{{ 7*7 }}{% raw %}"
ESCAPES = "red\x1b[31m\x07\x00text"
OVERRIDE = "abc\u202etxt.exe"
ARABIC = "\u062c\u0648\u062f"
# every place that a stranger, or whoever wrote the input files, can fill
EVERYWHERE = """
ALTER TABLE portfolio ADD COLUMN backup_handle VARCHAR;
ALTER TABLE portfolio ADD COLUMN backup_account_id VARCHAR;
UPDATE partner_rankings SET handle = getvariable('poison'), display_name = getvariable('poison'),
    price = 1.0, currency = getvariable('poison'), status_reason = getvariable('poison'),
    size_tier = getvariable('poison'), network = getvariable('poison');
UPDATE evidence SET handle = getvariable('poison'), sentence = getvariable('poison'),
    example_ids = ['p1', getvariable('poison')];
UPDATE portfolio SET backup_account_id = 'id9', backup_handle = getvariable('poison');
UPDATE runs SET network = getvariable('poison');
UPDATE example_posts SET text = getvariable('poison'), author_handle = getvariable('poison'),
    platform = getvariable('poison');
"""
IN_THE_PARTS_OF_TRUST = """
UPDATE partner_rankings SET what_would_change = getvariable('poison');
UPDATE own_accounts SET handle = getvariable('poison');
UPDATE brand_talk SET sentence = getvariable('poison');
UPDATE communities SET name = getvariable('poison'), terms = [getvariable('poison'), getvariable('poison')];
UPDATE community_voices SET handle = getvariable('poison');
UPDATE advocates SET handle = getvariable('poison'), brand = getvariable('poison');
UPDATE momentum SET handle = getvariable('poison'), quantity = getvariable('poison') || direction;
"""
AUDIENCE_TOO = """
UPDATE runs SET audience = getvariable('poison');
UPDATE partner_rankings SET audience = getvariable('poison');
UPDATE evidence SET audience = getvariable('poison');
UPDATE portfolio SET audience = getvariable('poison');
"""


def poison(text: str) -> str:
    """A statement that makes the text known to those after it; DuckDB's text literals hold no NUL."""
    return f"SET VARIABLE poison = {quoted(text.replace(chr(0), ''))};"


@pytest.mark.parametrize("text", [SCRIPT, IMAGE, QUOTE, TEMPLATE], ids=["script", "image", "quote", "jinja"])
def test_markup_stays_text(page_of, text):
    page = page_of(FULL, TRUST_PARTS, poison(text), EVERYWHERE, IN_THE_PARTS_OF_TRUST)
    tame = page_of(FULL, TRUST_PARTS, poison("harmless"), EVERYWHERE, IN_THE_PARTS_OF_TRUST)
    assert [tag for tag, _ in page.elements] == [tag for tag, _ in tame.elements]
    names = {name for _, attributes in page.elements for name in attributes}
    assert not [name for name in names if name.startswith("on")]
    assert names == {name for _, attributes in tame.elements for name in attributes}
    assert text in page.text
    assert {row["handle"] for row in page.candidates()} == {text}
    assert page.carried["cards"]["id0"]["lines"][0]["words"] == text
    assert page.carried["posts"]["p1"]["text"] == text


@pytest.mark.parametrize("text", [ESCAPES, OVERRIDE], ids=["escapes", "override"])
def test_controls_are_left_out(page_of, text):
    page = page_of(FULL, TRUST_PARTS, poison(text), EVERYWHERE, IN_THE_PARTS_OF_TRUST)
    assert not set(page.html) & set("\x00\x07\x1b\u202e")
    carried = json.dumps(page.carried, ensure_ascii=False)
    assert not set(carried) & set("\x00\x07\x1b\u202e")
    assert "\\u00" not in carried


def test_right_to_left_names_are_kept_apart(page_of):
    page = page_of(FULL, poison(ARABIC), EVERYWHERE)
    assert f"<bdi>@{ARABIC}</bdi>" in page.html
    assert {row["display_name"] for row in page.candidates()} == {ARABIC}


def test_a_hostile_audience_is_a_title_like_any_other(page_of):
    page = page_of(poison(SCRIPT), AUDIENCE_TOO, audience=SCRIPT)
    assert len(page.all("script")) == 3
    assert page.text.startswith("Partners for")
    assert SCRIPT in page.text


def test_the_reader_of_these_tests_sees_what_a_browser_would():
    assert Page(f"<p>{SCRIPT}</p>").all("script")
    assert Page(f'<p title="{IMAGE}">x</p>').all("img")
