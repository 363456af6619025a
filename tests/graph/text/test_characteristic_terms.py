# ruff: noqa: RUF001 - the letters of many scripts are the subject here
from __future__ import annotations

import math
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.text.characteristic_terms import (
    LONGEST_TERM,
    MIN_CARRIERS,
    MIN_SHARE,
    PRIOR_MEMBERS,
    Z_FROM,
    characteristic_terms,
    terms_by_source,
)

MIN_MEMBERS = 20  # who all write a word tell it apart from as many who never do
FILLER = ("the day", "a walk and the dog", "of all", "and so on the", "to the end", "a day of it")


def two_groups(first, second, n_each=40):
    """Texts of two groups: everybody writes filler, and each group its own words now and then."""
    texts, groups = [], []
    for number in range(2 * n_each):
        group = number % 2
        own = (first, second)[group]
        texts.append(f"{FILLER[number % 6]} {own[number // 2 % len(own)]} {FILLER[(number + 1) % 6]}")
        groups.append(group)
    return texts, np.array(groups)


def distinct_terms(text):
    """Every term but phrases that a group may be shown with whose members all write this."""
    texts = [text] * MIN_MEMBERS + ["."] * MIN_MEMBERS
    groups = np.repeat([0, 1], MIN_MEMBERS)
    return set(characteristic_terms(texts, groups, n_terms=10_000, phrases=False).term)


def terms_of(found, group):
    return [term for number, term in zip(found.group.tolist(), found.term, strict=True) if number == group]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["espresso", "roast"], {"espresso", "roast"}),
        (["Kaffee", "Röstung", "RÖSTUNG", "Röstung", "Kaffee"], {"Kaffee", "Röstung"}),
        (["قهوة", "قَهْوَة", "قهوة"], {"قهوة"}),
        (["кофе", "обжарка"], {"кофе", "обжарка"}),
        (["☕", "🏃🏽‍♀️"], {"☕", "🏃"}),
        (["#coffee", "#Coffee", "#coffee"], {"#coffee"}),
        (["コーヒー", "コーヒー豆"], {"コーヒー"}),
        (["咖啡师", "咖啡豆"], {"咖啡"}),
        (["커피"], {"커피"}),
        (["कॉफ़ी"], {unicodedata.normalize("NFKC", "कॉफ़ी")}),
        (["𝓬𝓸𝓯𝓯𝓮𝓮", "coffee"], {"coffee"}),
        (["light roast"], {"light roast"}),
        (["🇮🇹"], {"🇮🇹"}),
        (["AI"], {"AI"}),
    ],
)
def test_what_a_group_shares_is_found_in_any_script(words, shown):
    texts, groups = two_groups(words, ["mountain", "river"])
    found = characteristic_terms(texts, groups)
    assert set(terms_of(found, 0)) == shown
    assert set(terms_of(found, 1)) == {"mountain", "river"}


def test_stop_words_fall_out():
    found = characteristic_terms(*two_groups(["espresso"], ["running"]))
    assert found.term == ["espresso", "running"]


def test_stop_words_of_a_language_fall_out_by_its_stratum():
    """One group is half German, the other a quarter; *und der* is German, not a trait of the first group."""
    texts, groups, language = [], [], []
    for number in range(240):
        group, german = number % 2, number % 8 in {0, 2, 1}
        topic = ("Espresso", "marathon")[group] if number % 3 else ""
        texts.append(f"{'und der Tag' if german else 'and the day'} {topic}")
        groups.append(group)
        language.append("de" if german else "en")
    blind = characteristic_terms(texts, np.array(groups))
    assert {"Tag", "der", "und"} & set(" ".join(blind.term).split())
    matched = characteristic_terms(texts, np.array(groups), strata=language)
    assert matched.term == ["Espresso", "marathon"]


def test_a_language_that_only_one_group_speaks_is_no_contrast():
    texts = ["und der die das"] * 30 + ["and the day"] * 30
    groups = np.repeat([0, 1], 30)
    found = characteristic_terms(texts, groups, strata=["de"] * 30 + ["en"] * 30)
    assert found.term == []


def test_links_handles_and_addresses_are_no_terms():
    text = (
        "see https://evil.example/x?coffee=1 www.evil.example evil.shop/buy сайт.рф mail me@evil.example by "
        "@stranger and @stranger_two t.me/scam <script>alert(1)</script> <b onclick=x> &nbsp; &#x41; espresso"
    )
    words = distinct_terms(text)
    assert words == {"see", "mail", "and", "alert", "espresso"}


def test_terms_carry_no_control_or_direction_characters():
    text = "cof\u200bfee es\u202epresso\u0000 ro\u00adast \ufeff\u2066кофе\u2069 l\U000e0041ight"
    assert distinct_terms(text) == {"coffee", "espresso", "roast", "кофе", "light"}


def test_formulas_and_markup_leave_only_words():
    text = '=HYPERLINK("x") +SUM(A1) -cmd |pipe `tick` **bold** "quoted" \\n {json} \'; DROP TABLE x; --'
    found = distinct_terms(text)
    assert all(term.replace(" ", "").replace("-", "").isalnum() for term in found)
    assert not any(term.startswith(("=", "+", "-", "@")) for term in found)


def test_numbers_and_single_letters_say_nothing():
    assert distinct_terms("2024 12-15 7 a I ² x 5k web3") == {"web3"}


def test_two_letters_need_capitals():
    assert distinct_terms("we do AI and ML de") == {"AI", "ML", "and"}


@pytest.mark.parametrize(
    "text",
    ["a" * 100_000, "a." * 50_000, "a@" * 50_000, "@" * 100_000, "<" * 100_000, "&" * 9_000, "#" * 9_000,
     "e\u0301" * 50_000, "字" * 100_000, "ﷺ" * 50_000, "a-" * 50_000, "\u202e" * 50_000, "\ud800", "\x00",
     ""],
)  # fmt: skip
def test_hostile_texts_do_nothing(text):
    found = distinct_terms(text)
    assert all(0 < len(term) <= LONGEST_TERM for term in found)
    texts, groups = two_groups(["espresso"], ["running"])
    assert characteristic_terms([*texts, text, text], np.append(groups, [0, 1])).term == [
        "espresso",
        "running",
    ]


@given(st.text(max_size=300))
def test_terms_are_safe_to_show_whatever_is_written(text):
    for term in distinct_terms(text):
        assert 0 < len(term) <= LONGEST_TERM
        assert not any(unicodedata.category(character)[0] == "C" for character in term), term
        assert not set(term) & set("<>&@=+|`\"'\\\n\t/:;,.")
        assert not term.startswith(("-", " "))


def test_a_term_of_two_people_is_nobodys_trait():
    texts, groups = two_groups(["espresso"], ["running"], n_each=MIN_CARRIERS)
    few = characteristic_terms([text.replace("espresso", "") for text in texts[:2]] + texts[2:], groups)
    assert all(count >= MIN_CARRIERS for count in few.carriers.tolist())
    assert "espresso" not in few.term


def test_saying_it_often_counts_once():
    texts, groups = two_groups(["espresso"], ["running"])
    loud = [text * 50 for text in texts]
    assert characteristic_terms(loud, groups).carriers.tolist() == [40, 40]
    shouted = [*texts, "buynow " * 500, *["calm words"] * 20]
    assert "buynow" not in characteristic_terms(shouted, np.append(groups, [0] * 21)).term


def z_by_loop(texts, groups, strata, group, term):
    """The statistic written out for one word of texts that are nothing but words."""
    says = [term in text.split() for text in texts]
    own = [place for place in range(len(texts)) if groups[place] == group and texts[place]]
    base = rest_size = 0.0
    for stratum in {strata[place] for place in own}:
        here = [place for place in range(len(texts)) if strata[place] == stratum and texts[place]]
        rest = [place for place in here if groups[place] != group]
        part = sum(strata[place] == stratum for place in own) / len(own)
        whole = sum(says[place] for place in here) / len(here)
        told = sum(says[place] for place in rest)
        base += part * (told + PRIOR_MEMBERS * whole) / (len(rest) + PRIOR_MEMBERS)
        rest_size += len(rest)
    yes = sum(says[place] for place in own) + PRIOR_MEMBERS * base
    no = len(own) - sum(says[place] for place in own) + PRIOR_MEMBERS * (1 - base)
    weight = rest_size + PRIOR_MEMBERS
    variance = 1 / yes + 1 / no + 1 / (weight * base) + 1 / (weight * (1 - base))
    return (math.log(yes / no) - math.log(base / (1 - base))) / math.sqrt(variance)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_the_statistic_agrees_with_a_loop(seed):
    rng = np.random.default_rng(seed)
    words = ("alpha", "bravo", "carol", "delta")
    groups = rng.integers(-1, 3, size=90)
    strata = rng.choice(["x", "y"], 90)
    chance = rng.random((4, len(words)))
    texts = [" ".join(np.array(words)[rng.random(4) < chance[group]]) for group in groups]
    found = characteristic_terms(texts, groups, strata=strata, phrases=False)
    shown = {(int(g), t): z for g, t, z in zip(found.group, found.term, found.z, strict=True)}
    for group in range(3):
        own = [text for text, number in zip(texts, groups, strict=True) if number == group and text]
        for word in words:
            count = sum(word in text.split() for text in own)
            if count < MIN_CARRIERS or count < MIN_SHARE * len(own):
                assert (group, word) not in shown
                continue
            z = z_by_loop(texts, groups, strata, group, word)
            assert ((group, word) in shown) == (z >= Z_FROM)
            if z >= Z_FROM:
                assert shown[group, word] == pytest.approx(z)


def test_the_order_of_members_changes_nothing():
    texts, groups = two_groups(["espresso", "#roast", "light roast"], ["running", "бег"])
    found = characteristic_terms(texts, groups)
    order = np.random.default_rng(1).permutation(len(texts))
    again = characteristic_terms([texts[place] for place in order], groups[order])
    assert (again.term, again.carriers.tolist()) == (found.term, found.carriers.tolist())


def test_nothing_to_read():
    for texts, groups in (([], []), ([None, ""], [0, 0]), (["words here"], [-1])):
        found = characteristic_terms(texts, np.array(groups, dtype=np.int64))
        assert found.term == []
        assert found.z.size == found.group.size == 0


def test_posts_speak_where_bios_are_silent():
    bios, groups = two_groups(["espresso", "roast"], ["", ""])
    posts, _ = two_groups(["ignored", "too"], ["running", "marathon"])
    found = terms_by_source([bios, posts], groups)
    assert set(terms_of(found, 0)) == {"espresso", "roast"}
    assert set(terms_of(found, 1)) == {"running", "marathon"}
    nothing = [None] * len(bios)
    assert terms_by_source([nothing, nothing], groups).term == []
