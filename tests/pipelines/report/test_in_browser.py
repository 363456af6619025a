"""The page in a real browser: what a person can do on it, by mouse, keyboard and link, and not one request.

Runs where Chromium is installed, and says so where it is not. One browser serves all tests of the file.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import zipfile
from importlib.resources import files
from xml.etree import ElementTree as ET

import pytest

from pipelines import numbers
from pipelines.report import figures, write_report
from tests.conftest import publish_small_world
from tests.pipelines.report.browser import CHROMIUM, started
from tests.pipelines.report.conftest import AUDIENCE, FULL, TRUST_PARTS

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not on PATH")

HOSTILE = """
UPDATE partner_rankings SET handle = '"><img src=x.png onerror=owned=1>' WHERE rank = 4;
UPDATE partner_rankings SET handle = '</script><script>owned=1</script>' WHERE rank = 5;
UPDATE partner_rankings SET display_name = '<svg onload=owned=1>' WHERE rank > 3;
UPDATE partner_rankings SET display_name = '=HYPERLINK("http://evil.example")'
    WHERE rank = 1;
UPDATE partner_rankings SET handle = 'جود' WHERE rank = 6;
UPDATE evidence SET sentence = '<iframe src=javascript:owned=1>' WHERE account_id = 'id3';
UPDATE example_posts SET text = '<img src=x.png onerror=owned=1>';
"""
MORE = """
ALTER TABLE partner_rankings ADD COLUMN other_price DOUBLE;
ALTER TABLE partner_rankings ADD COLUMN other_currency VARCHAR;
UPDATE partner_rankings SET other_price = 90.5, other_currency = 'US<b>D' WHERE rank = 3;
ALTER TABLE partner_rankings ADD COLUMN language VARCHAR;
ALTER TABLE partner_rankings ADD COLUMN community INTEGER;
ALTER TABLE partner_rankings ADD COLUMN platform VARCHAR;
UPDATE partner_rankings SET language = if(rank % 2 = 0, 'de', 'en'), community = rank % 2,
    platform = if(rank > 15, 'mastodon', 'x');
UPDATE partner_rankings SET followers_count = NULL WHERE rank = 3;
UPDATE partner_rankings SET account_id = '1399075314366619648' WHERE rank = 20;
UPDATE evidence SET account_id = '1399075314366619648' WHERE account_id = 'id19';
ALTER TABLE evidence ADD COLUMN threshold DOUBLE;
INSERT INTO evidence BY NAME SELECT 'r1' AS run_id, 'Runners' AS audience, 'id0' AS account_id,
    'Voice0' AS handle, 'engagement_pods' AS signal, 'shill' AS side, 'against' AS direction, 3.0 AS value,
    1.0 AS typical_value, 2.5 AS threshold, 1.5 AS weight, 'A circle of three.' AS sentence;
ALTER TABLE evidence ALTER value TYPE DOUBLE;
ALTER TABLE evidence ALTER typical_value TYPE DOUBLE;
INSERT INTO evidence BY NAME SELECT 'r1' AS run_id, 'Runners' AS audience, 'id1' AS account_id,
    'Voice1' AS handle, t.* FROM (VALUES
    ('sharing', 'trust', 'neutral', 0.406, 0.13, 'About 41 % would.'),
    ('answers', 'trust', 'for', 0.35, 0.19, 'It answers.'),
    ('returning_dyads', 'trust', 'for', 3.0, 1.0, 'Three come back.')
) AS t(signal, side, direction, value, typical_value, sentence);
CREATE TABLE growth AS SELECT 'id0' AS account_id, 'Voice0' AS handle, 'snapshots' AS source,
    'explained' AS class, DATE '2026-09-01' AS burst_day, DATE '2026-09-03' AS last_day,
    'A post that stood out.' AS sentence;
CREATE TABLE audience_overlap AS SELECT 'r1' AS run_id, 'Runners' AS audience, 'id0' AS account_id_a,
    'id1' AS account_id_b, 7 AS shared_followers, 0.375 AS share_of_smaller, 0.2 AS jaccard;
"""
LABEL = """
INSERT INTO evidence BY NAME SELECT 'r1' AS run_id, 'Runners' AS audience, 'id7' AS account_id,
    'review' AS signal, 'shill' AS side, 'for' AS direction,
    'Labelled as genuine by <b>reviewer</b>-b.' AS sentence;
"""
HELPERS = """
globalThis.names = () => [...document.querySelectorAll("#ranked tbody .who a")].map((a) => a.textContent);
globalThis.head = (title) => [...document.querySelectorAll("#ranked thead th")]
  .find((cell) => cell.querySelector(".dt-column-title").textContent === title);
globalThis.settled = () => new Promise((done) => setTimeout(done, 30));
globalThis.sort = async (title) => { head(title).click(); await settled(); return names(); };
globalThis.fill = async (name, value) => {
  const input = document.getElementById("filters").elements[name];
  if (input.type === "checkbox") input.checked = value; else input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  await settled();
  return names();
};
globalThis.clear = () => document.querySelector("[name=reset]").click();
globalThis.opened = () => document.getElementById("drawer");
"""
SHARES = """
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const torn = [];
let seen = 0;
for (let node = walk.nextNode(); node; node = walk.nextNode()) {
  if (node.parentElement.closest("script, style, noscript")) continue;
  for (const match of node.data.matchAll(/\\d\\s%|[<>]\\s\\d/g)) {
    const range = document.createRange();
    range.setStart(node, match.index);
    range.setEnd(node, match.index + match[0].length);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 1);
    const lines = new Set(boxes.map((box) => Math.round(box.top)));
    if (lines.size === 0) continue;
    seen += 1;
    if (lines.size > 1) torn.push(node.data.slice(Math.max(0, match.index - 40), match.index + 12));
  }
}
return { seen, torn };
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with started(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The report on a small world with every part, hostile names among its candidates."""
    folder = tmp_path_factory.mktemp("world")
    published = publish_small_world(folder, change=FULL + TRUST_PARTS + MORE + HOSTILE + LABEL)
    return write_report(published, AUDIENCE, folder / "report.html").path


def opened(browser, page, fragment=""):
    browser.media("", color_scheme="light")
    browser.size(1280, 900)
    browser.open(page, fragment)
    browser.do(HELPERS)


def saved(browser, button):
    """The file that a button of the page saves."""
    script = """
    const found = new Promise((done) => {
      const make = URL.createObjectURL;
      URL.createObjectURL = (blob) => { done(blob); return (URL.createObjectURL = make).call(URL, blob); };
    });
    document.querySelector(`[data-sheet="%s"]`).click();
    const bytes = new Uint8Array(await (await found).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    """
    return base64.b64decode(browser.do(script % button))


def test_columns_sort_by_what_they_mean(browser, page):
    """Numbers as numbers (19,000 before 2,000), ranks too, and the unknown last both ways."""
    opened(browser, page)
    everybody = browser.ask("names()")
    assert len(everybody) == 20
    assert everybody[:2] == ["@Voice0", "@Voice1"]
    falling = browser.ask("sort('Followers')")
    assert falling[0].startswith('@"><img')  # the one with two million
    assert falling[1] == "@Voice19"
    assert falling[-1] == "@Voice2"
    assert browser.ask("head('Followers').getAttribute('aria-sort')") == "descending"
    rising = browser.ask("sort('Followers')")
    assert (rising[0], rising[-1]) == ("@Voice0", "@Voice2")
    assert browser.ask("location.hash") == "#sort=followers%3Aasc"
    assert browser.ask("sort('Rank')") == everybody
    assert browser.ask("sort('Rank')") == everybody[::-1]
    assert browser.ask("sort('Rank')") == everybody


def test_every_filter_lets_in_whom_it_names_and_stands_in_the_address(browser, page):
    opened(browser, page)
    everybody = browser.ask("names()")
    filters = {
        "q": ("VOICE1", ["@Voice1", *[f"@Voice{i}" for i in range(10, 20)]], "q=VOICE1"),
        "status": ("watch", everybody[15:], "status=watch"),
        "size": ("mega", everybody[3:4], "size=mega"),
        "group": ("1", everybody[::2], "group=1"),
        "language": ("de", everybody[1::2], "language=de"),
        "platform": ("mastodon", everybody[15:], "platform=mastodon"),
        "trust": ("0.8", everybody[:3], "trust=0.8"),
        "risk": ("0.1", everybody[:4], "risk=0.1"),
        "picks": (True, everybody[:3], "picks=1"),
    }
    for name, (value, expected, address) in filters.items():
        found = browser.ask(f"fill({name!r}, {'true' if value is True else repr(value)})")
        assert found == expected, name
        assert browser.ask("location.hash") == f"#{address}"
        browser.ask("clear()")
    assert browser.ask("fill('q', 'nobody of this name')") == []
    assert "widen a filter" in browser.ask("document.querySelector('#ranked tbody').textContent")
    browser.ask("clear()")
    browser.ask("fill('trust', '0.95')")
    assert (
        browser.ask("document.getElementById('how-many').value") == "0 of 20: the surest trust here is 0.90"
    )
    browser.ask("clear()")


def test_a_card_has_everything_on_it(browser, page):
    opened(browser, page)
    browser.ask("document.querySelector('#ranked tbody .who a').click()")
    assert browser.ask("opened().open")
    assert browser.ask("location.hash") == "#open=id0"
    assert browser.ask("document.activeElement.textContent") == "@Voice0"
    text = browser.ask("opened().innerText")
    for words in (
        "Parts of the score", "Speaks for it", "Half of the audience follows.", "estimated 0.5 · typical 0.1",
        "<img src=x.png onerror=owned=1>", "by @Voice0, 2026-10-30", "open the post",
        "Speaks against it", "A circle of three.", "counts from 2.5", "Who follows it", "look unusual",
        "Followers over time", "A post that stood out.", "More like this", "@Voice1 37.5\N{NO-BREAK SPACE}%",
    ):  # fmt: skip
        assert words in text, words
    assert browser.ask("opened().querySelectorAll('svg path.line').length") == 1
    assert browser.ask("opened().querySelectorAll('svg .event.calm').length") == 1


def test_a_figure_beside_a_line_says_whether_it_was_seen_or_estimated_and_what_unit_it_has(browser, page):
    opened(browser, page, "#open=id1")
    beside = browser.ask("[...opened().querySelectorAll('.beside')].map((line) => line.textContent)")
    for words in ("estimated 40.6 % · typical 13.0 %", "seen 35.0 % · typical 19.0 %", "seen 3 · typical 1"):
        assert words.replace(" %", "\N{NO-BREAK SPACE}%") in beside, words


def test_figures_of_the_script_are_those_of_the_command_line(browser, page):
    """Halves above all: 0.125 and 6.25 are held exactly, and a script by itself rounds them the other way."""
    opened(browser, page)
    values = [
        *(n / 16 for n in range(200)), *(n / 1733 for n in range(1734)), *(n / 1600 for n in range(40)),
        0.71523, 1.005, 2.675, 0.005, 0.015, 12.25, 99.95, 1234.5, 1235.5, 1234567.5, 0.99, 0.995, 0.0009996,
    ]  # fmt: skip
    script = (
        files("pipelines.report").joinpath("templates", "script", "figures.js").read_text(encoding="utf-8")
    )
    for name in ("count", "score", "share", "risk", "ratio", "money"):
        asked = f"return {values}.map((value) => {name}(value));"
        found = browser.do(f"const data = {{ surest: {numbers.SUREST} }};\n{script}\n{asked}")
        assert found == [getattr(numbers, name)(value) for value in values], name


def test_the_script_keeps_shares_on_one_line_as_the_page_does(browser, page):
    opened(browser, page)
    texts = ["31.1 % of 40 %", "< 1 % to > 99 %", "2.0–7.0 % of it", "a % b, 1 2 %", "< 5 > 5", "% < % 1", ""]
    script = (
        files("pipelines.report").joinpath("templates", "script", "elements.js").read_text(encoding="utf-8")
    )
    assert browser.do(f"{script}\nreturn {json.dumps(texts)}.map(together);") == [
        figures.together(text) for text in texts
    ]


def test_a_shortlist_is_decided_compared_and_handed_on_by_link(browser, page):
    opened(browser, page)
    everybody = browser.ask("names()")
    browser.do("document.querySelector('#ranked tbody .who a').click();")
    browser.do("opened().querySelector('input[value=yes]').click();")
    browser.do("""const why = opened().querySelector('.why input'); why.value = 'knows & likes us';
        why.dispatchEvent(new Event('change'));""")
    browser.press("Escape", 27)
    browser.until("location.hash === '#star=id0&say=yes&why=knows+%26+likes+us'")
    assert not browser.ask("opened().open")
    browser.do("document.querySelectorAll('#ranked button.star')[1].click();")
    assert browser.ask("document.querySelectorAll('#shortlisted tr').length") == 2
    assert browser.ask("document.querySelector('#tray output').value") == "2 on the shortlist"
    assert browser.ask("fill('starred', true)") == everybody[:2]
    browser.do("document.querySelector('#shortlisted tr:nth-child(2) input[value=no]').click();")
    browser.do("document.querySelector('#tray [data-compare]').click();")
    side = browser.ask("document.getElementById('comparison').innerText")
    for words in (
        "@Voice0",
        "@Voice1",
        "knows & likes us",
        "Members who follow both",
        "37.5\N{NO-BREAK SPACE}%",
        "no",
    ):
        assert words in side
    address = browser.ask("location.hash")

    # the link opens the same view
    opened(browser, page, address)
    assert browser.ask("document.getElementById('comparison').open")
    assert browser.ask("names()") == everybody[:2]
    assert browser.ask("document.querySelector('#shortlisted input[type=text]').value") == "knows & likes us"
    assert browser.ask(
        "[...document.querySelectorAll('#shortlisted input:checked')].map((i) => i.value)"
    ) == [
        "yes",
        "no",
    ]
    assert browser.ask("location.hash") == address
    assert browser.complaints == []


def test_a_price_in_another_currency_is_shown_and_one_that_is_not_known_is_a_dash(browser, page):
    opened(browser, page)
    shown = browser.ask(
        "[...document.querySelectorAll('#ranked tbody tr')].map((row) => row.lastChild.innerText)"
    )
    assert shown[:4] == ["–", "200 EUR", "90.50 US<b>D", "–"]


def test_hostile_text_does_nothing_and_nothing_is_asked_for(browser, page):
    opened(browser, page, "#open=id3&star=id3&star=id4&star=id5&star=gone")
    assert browser.ask("opened().open")
    assert "<iframe src=javascript:owned=1>" in browser.ask("opened().innerText")
    browser.do("document.querySelector('#drawer .close').click();")
    for title in ("Followers", "Who", "Trust", "Price"):
        browser.ask(f"sort({title!r})")
    browser.do("document.querySelector('#tray [data-compare]').click();")
    saved(browser, "xlsx")
    assert browser.ask("typeof owned") == "undefined"
    assert browser.ask("document.querySelectorAll('img, iframe, object, embed').length") == 0
    assert "@</script><script>owned=1</script>" in browser.ask("names()")
    assert "gone" in browser.ask("document.getElementById('shortlisted').innerText")
    # a right-to-left name stands apart from what follows it
    assert (
        browser.ask("""[...document.querySelectorAll('#ranked bdi')]
        .filter((name) => name.textContent === '@جود').length""")
        == 1
    )
    assert browser.requests == []
    assert browser.complaints == []


def test_a_link_to_somebody_who_is_no_candidate_any_more_says_so(browser, page):
    opened(browser, page, "#open=gone")
    assert "gone\n\nis no candidate in this run." in browser.ask("opened().innerText")
    browser.press("Escape", 27)
    browser.until("location.hash === ''")


def test_a_person_s_label_stands_above_what_was_measured(browser, page):
    opened(browser, page, "#open=id7")
    text = browser.ask("opened().innerText")
    said = "Labelled as genuine by <b>reviewer</b>-b."
    assert text.count(said) == 1
    assert text.index(said) < text.index("Parts of the score")


def test_the_way_back_closes_what_was_opened(browser, page):
    opened(browser, page, "#status=watch")
    browser.do("document.querySelector('#ranked tbody .who a').click();")
    assert browser.ask("opened().open")
    browser.do("history.back();")
    browser.until("!opened().open")
    assert browser.ask("location.hash") == "#status=watch"


def test_the_landscape_is_drawn_when_somebody_comes_near(browser, page):
    opened(browser, page)
    dots = "document.querySelectorAll('#landscape-picture circle').length"
    browser.do("document.getElementById('h-landscape').scrollIntoView();")
    browser.until(f"{dots} === 20")
    browser.ask("fill('status', 'watch')")
    assert browser.ask("document.querySelectorAll('#landscape-picture .out').length") == 15
    browser.do("""document.querySelector('#landscape-picture circle.watch')
        .dispatchEvent(new MouseEvent('click', { bubbles: true }));""")
    assert browser.ask("opened().open")


def test_every_pick_of_the_landscape_has_its_name_however_close_they_stand(browser, tmp_path_factory):
    folder = tmp_path_factory.mktemp("close")
    close = """UPDATE partner_rankings SET is_pick = true, trust = 0.5 + rank / 1000, reach_share = 0.5
        WHERE rank <= 18;"""
    published = publish_small_world(folder, change=FULL + close)
    opened(browser, write_report(published, AUDIENCE, folder / "report.html").path)
    browser.do("document.getElementById('h-landscape').scrollIntoView();")
    browser.until("document.querySelectorAll('#landscape-picture .is-pick').length === 18")
    named = browser.ask(
        "[...document.querySelectorAll('#landscape-picture .name')].map((n) => n.textContent)"
    )
    assert sorted(name.strip("\u2068\u2069") for name in named) == sorted(f"@Voice{i}" for i in range(18))
    overlapping = browser.ask("""[...document.querySelectorAll('#landscape-picture .name')]
        .map((name) => name.getBoundingClientRect())
        .filter((a, place, all) => all.some((b, other) => other !== place
            && a.left < b.right && b.left < a.right
            && a.top + 3 < b.bottom && b.top + 3 < a.bottom)).length""")
    assert overlapping == 0
    assert browser.ask("document.querySelectorAll('#landscape-picture .leader').length") >= 14
    assert browser.ask("document.querySelector('[data-of=unnamed]').textContent") == ""
    assert browser.complaints == []


def test_a_request_would_be_refused_and_noticed(browser, page):
    """The watch works: what the page never does is caught when the test does it."""
    opened(browser, page)
    browser.do("""document.body.insertAdjacentHTML("beforeend", '<img src="http://evil.example/x.png">');
        await settled();""")
    assert any("evil.example" in complaint for complaint in browser.complaints)


def test_sheets_hold_every_column_and_keep_text_as_text(browser, page):
    opened(browser, page, "#star=id0&say=maybe&why=-ask+first&status=recommended")
    rows = list(csv.DictReader(io.StringIO(saved(browser, "csv").decode("utf-8-sig"))))
    assert len(rows) == 15
    first = rows[0]
    assert first["account_id"] == "id0"
    assert first["display_name"] == '\'=HYPERLINK("http://evil.example")'
    assert (first["starred"], first["decision"], first["reason"]) == ("yes", "maybe", "'-ask first")
    assert (first["trust"], first["reach_share"], first["is_pick"]) == ("1", "0.575", "true")
    assert rows[3]["handle"] == '"><img src=x.png onerror=owned=1>'
    assert rows[2]["followers_count"] == ""

    browser.ask("clear()")
    book = zipfile.ZipFile(io.BytesIO(saved(browser, "xlsx")))
    sheet = ET.fromstring(  # noqa: S314 - written by the page a moment ago
        book.read("xl/worksheets/sheet1.xml")
    )
    space = {"x": sheet.tag.partition("}")[0].lstrip("{")}
    cells = [
        ["".join(cell.itertext()) for cell in row.findall("x:c", space)]
        for row in sheet.findall(".//x:row", space)
    ]
    assert cells[0][:2] == ["account_id", "handle"]
    assert len(cells) == 21
    last = sheet.find(f".//x:c[@r='A{len(cells)}']", space)
    assert last is not None
    assert (last.get("t"), "".join(last.itertext())) == ("inlineStr", "1399075314366619648")
    number = sheet.find(f".//x:c[@r='{chr(65 + cells[0].index('trust'))}2']", space)
    assert number is not None
    assert number.get("t") in {None, "n"}
    assert sheet.findall(".//x:f", space) == []

    starred = list(csv.DictReader(io.StringIO(saved(browser, "starred-csv").decode("utf-8-sig"))))
    assert [row["account_id"] for row in starred] == ["id0"]


def test_it_is_used_by_keyboard(browser, page):
    opened(browser, page)
    browser.do("head('Reach').querySelector('[tabindex]').focus();")
    browser.press("Enter", 13, "\r")
    browser.until("location.hash.includes('sort=reach')")
    browser.do("document.querySelector('#ranked tbody .who a').focus();")
    browser.press("Enter", 13, "\r")
    browser.until("opened().open")
    for _ in range(60):  # Tab stays inside the drawer, as in every modal dialog
        browser.press("Tab", 9)
        assert browser.ask(
            "opened().contains(document.activeElement) || document.activeElement === document.body"
        )
    browser.press("Escape", 27)
    browser.until("!opened().open")
    assert browser.ask("document.activeElement.dataset.open") == "id0"
    unnamed = browser.ask("""[...document.querySelectorAll('button, input, select, a')].filter((part) => {
        const label = part.labels && [...part.labels].map((l) => l.textContent).join('');
        return !(label || part.getAttribute('aria-label') || part.textContent || '').trim(); }).length""")
    assert unnamed == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_what_is_behind_them(browser, page, scheme):
    """WCAG AA: 4.5 to 1, measured for every piece of text that is shown, on the page and in the drawer."""
    opened(browser, page)
    browser.media("", color_scheme=scheme)
    faint = """
    const channel = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    const parts = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
    const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
    const behind = (part) => {
      let layers = [];
      for (let at = part; at; at = at.parentElement) {
        const [r, g, b, a = 1] = parts(getComputedStyle(at).backgroundColor);
        if (a > 0) layers.push([r, g, b, a]);
        if (a === 1) break;
      }
      return layers.reverse().reduce((under, [r, g, b, a]) =>
        [r, g, b].map((value, place) => a * value + (1 - a) * under[place]), [255, 255, 255]);
    };
    const found = [];
    for (const part of document.querySelectorAll("body *")) {
      const says = [...part.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
      const style = getComputedStyle(part);
      if (!says || !part.checkVisibility()) continue;
      if (part.closest("svg, option, .hush, :disabled")) continue;
      const [one, other] = [light(parts(style.color)), light(behind(part))].sort((a, b) => b - a);
      const isFaint = (one + 0.05) / (other + 0.05) < 4.5;
      if (isFaint) found.push(part.className + ": " + part.textContent.slice(0, 40));
    }
    return [...new Set(found)];
    """
    assert browser.do(faint) == []
    browser.do("document.querySelector('#ranked tbody .who a').click(); await settled();")
    assert browser.do(faint) == []
    if scheme == "dark":
        assert browser.do("return getComputedStyle(document.body).backgroundColor") == "rgb(19, 22, 26)"


def test_it_fits_a_phone(browser, page):
    opened(browser, page)
    browser.size(420, 900)
    sticking = """[...document.querySelectorAll("body *")]
      .filter((part) => !part.closest(".scroll, .dt-layout-table, svg, .hush, .skip")
        && part.checkVisibility() && part.getBoundingClientRect().right > innerWidth + 1)
      .map((part) => `${part.tagName}.${part.className}`)"""
    assert browser.ask("document.documentElement.scrollWidth") <= 420
    assert browser.ask(sticking) == []
    browser.do("document.querySelector('#ranked tbody .who a').click(); await settled();")
    assert browser.ask(sticking) == []
    assert browser.ask("opened().scrollWidth - opened().clientWidth") <= 0


def test_no_share_is_torn_from_its_sign(browser, page):
    """At every width of a page and a card: each `31.1 %` and `< 1 %` lies on one line."""
    opened(browser, page, "#open=id1")
    torn, seen = set(), 0
    for width in range(300, 640, 12):
        browser.size(width, 900)
        found = browser.do(SHARES)
        seen = max(seen, found["seen"])
        torn.update(found["torn"])
    assert seen > 60
    assert not torn


def test_it_prints_to_a4_with_the_cards_of_the_picks(browser, page):
    opened(browser, page, "#star=id7")
    paper = browser.pdf()
    assert paper.startswith(b"%PDF")
    assert b"/MediaBox [0 0 841" in paper or b"/MediaBox [0 0 842" in paper  # A4, sideways
    browser.do("dispatchEvent(new Event('beforeprint'));")
    cards = "[...document.querySelectorAll('#cards-on-paper h3')].map((title) => title.textContent)"
    assert browser.ask(cards) == ["@Voice7", "@Voice0", "@Voice1", "@Voice2"]
    browser.media("print")
    assert browser.ask("getComputedStyle(document.getElementById('filters')).display") == "none"
    assert browser.ask("getComputedStyle(document.getElementById('cards-on-paper')).display") == "block"
    browser.media("", color_scheme="light")
    browser.do("dispatchEvent(new Event('afterprint')); await settled();")
    assert browser.ask(cards) == []
    assert browser.ask("location.hash") == "#star=id7"
    assert browser.complaints == []
