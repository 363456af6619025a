"""The words of the evidence: figures as a person writes them, safe names, and never a verdict."""

from __future__ import annotations

import inspect
import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets import sentences, trust_sentences
from assets.sentences import account_name, alike, compared, counted, listed, percent, signed, span, times
from assets.shill import growth_sentences
from assets.shill import sentences as shill_sentences
from graph.growth.causes import CAUSES
from graph.statistics.typical_values import WITH_LIST, WITH_NOBODY, WITH_TIER

NAN = float("nan")
VERDICTS = (
    "fraud", "fake", "scam", "cheat", "liar", "lying", "guilty", "bot ", "bots", "crime", "criminal",
    "dishonest", "deceiv", "bought followers", "bought its", "paid for followers", "corrupt", "shill",
)  # fmt: skip


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0, "0 %"),
        (0.0004, "under 0.1 %"),
        (0.0123, "1.2 %"),
        (0.0994, "9.9 %"),
        (0.0996, "10 %"),
        (0.5, "50 %"),
        (0.997, "over 99 %"),
        (1, "100 %"),
    ],
)
def test_shares_as_a_person_writes_them(share, shown):
    assert percent(share) == shown


@pytest.mark.parametrize(("ratio", "shown"), [(0.58, "0.6"), (9.44, "9.4"), (9.6, "10"), (1234, "1,234")])
def test_ratios_as_a_person_writes_them(ratio, shown):
    assert times(ratio) == shown


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (0.001, "1 minute"),
        (0.4, "24 minutes"),
        (1.2, "1 hour"),
        (20, "20 hours"),
        (36, "2 days"),
        (170, "7 days"),
    ],
)
def test_delays_as_a_person_says_them(hours, said):
    assert span(hours) == said


@settings(max_examples=50, deadline=None)
@given(st.floats(0, 1))
def test_a_share_never_shows_more_than_it_is(share):
    words = percent(share).removesuffix(" %").split()
    assert abs(float(words[-1]) / 100 - share) <= 0.0101


def test_lists_and_counts():
    assert [listed(things) for things in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert counted(1, "person", "people") == "1 person"
    assert counted(1204, "member") == "1,204 members"


@pytest.mark.parametrize(
    ("handle", "account_id", "display_name", "called"),
    [
        ("maria", "1", "Maria", "@maria"),
        ("@maria", "1", None, "@maria"),
        ("1", "1", "Maria", "Maria"),
        (None, "1", None, "1"),
        ("\u202e\x1b", "1", None, "1"),
        ("", "", "", "this account"),
        (None, None, None, "this account"),
        ("قهوة_صباح", "1", None, "@قهوة_صباح"),
        ("чайник", "1", None, "@чайник"),
        ("🌸.ceramics", "1", None, "@🌸.ceramics"),
        ("a\u202etxt.exe", "1", None, "@atxt.exe"),
        ('=HYPERLINK("x")', "1", None, '@=HYPERLINK("x")'),
    ],
)
def test_names_are_what_a_reader_can_find_again_and_safe(handle, account_id, display_name, called):
    assert account_name(handle, account_id, display_name) == called


@settings(max_examples=80, deadline=None)
@given(*[st.one_of(st.none(), st.text(st.characters(codec=None), max_size=90))] * 3)
def test_any_name_is_one_short_printable_line(handle, account_id, display_name):
    called = account_name(handle, account_id, display_name)
    assert 0 < len(called) <= sentences.LONGEST_NAME + 1
    assert not {unicodedata.category(character) for character in called} & {"Cc", "Cs", "Co", "Zl", "Zp"}


def test_comparisons_say_with_whom_and_why():
    assert alike("nano", WITH_TIER, 83) == "the 83 nano accounts here"
    assert alike("mega", WITH_LIST, 83) == "all 83 accounts here (too few mega accounts were measured)"
    assert alike("unknown", WITH_LIST, 83) == "all 83 accounts here (its size is not known)"
    assert alike("nano", WITH_NOBODY, 0) == compared("4", NAN, "") == ""
    group = alike("nano", WITH_TIER, 83)
    assert compared("4", 0.91, group) == ", above 91 % of the 83 nano accounts here, where 4 is typical"
    assert compared("4", 0.2, group) == "; typical of the 83 nano accounts here is 4"
    assert compared("4", 1, group).startswith(", the highest of")


def test_lift_says_whether_it_stands_out():
    def said(heard, lift, basis="follows", weighed=0.5):
        baseline = trust_sentences.baseline_words("network")
        share = (0.5, 0.4, 0.6, weighed)
        return trust_sentences.affinity("@a", basis, (*heard, False), share, lift, baseline)

    more = said((1500, 3000), (3.0, 2.0, 4.0))
    assert "1,500 of the 3,000 known members follow" in more
    assert "60 %), 3.0 times the share among comparable people outside the audience (at least 2.0)." in more
    assert "less than the share" in said((5, 10), (0.5, 0.2, 0.9))
    fewer = said((5, 10), (0.1, 0.05, 0.2), weighed=0.02)
    assert "60 %); counted by their weight, 2.0 %, less than the share among" in fewer
    assert "does not stand out" in said((5, 10), (1.1, 0.8, 1.5))
    assert "nobody outside" in said((5, 10), (NAN, NAN, NAN))
    assert "follow" not in said((5, 10), (3.0, 2.0, 4.0), "interactions").partition("(")[0]


@pytest.mark.parametrize(("low", "is_chance"), [(3.1, False), (0.6, True), (0.01, True)])
def test_a_lift_that_nobody_of_the_baseline_makes_is_told_by_its_lower_bound(low, is_chance):
    than = trust_sentences.baseline_words("network")
    told = trust_sentences.affinity(
        "@a", "follows", (12, 300, False), (0.04, 0.02, 0.07, 0.04), (31.4, low, 80.0), than, is_unseen=True
    )
    assert "nobody among comparable people outside the audience does" in told
    assert (f"at least {low} times as many" in told) == (low > 0.05)
    assert "0.0 times" not in told
    assert "31" not in told
    assert ("chance" in told) == is_chance


def test_what_was_not_seen_is_not_told_as_seen():
    none = trust_sentences.sharing("@a", "follows", 0.12, 33, 0, "; 13 % is typical")
    assert none == (
        "None of the 33 members who follow @a was seen speaking of it unasked; going by what is usual, about "
        "12 % would."
    )


def test_who_speaks_of_an_account_need_not_follow_it():
    told = trust_sentences.sharing("@a", "follows", 0.11, 7, 4, "; 13 % is typical")
    assert told == (
        "Of the 7 members who follow @a or were seen speaking of it unasked, 4 spoke of it; with what is "
        "usual, a rate of 11 %; 13 % is typical."
    )
    alone = trust_sentences.sharing("@a", "interactions", 0.5, 1, 1)
    assert "Of the 1 member who engages with @a or was seen speaking of it unasked, 1 spoke of it" in alone


@pytest.mark.parametrize(
    ("baseline", "said"),
    [
        ("network", "outside the audience"),
        ("audience:Rivals", "in the audience “Rivals”"),
        ("category:fashion", "“fashion”"),
        ("audience:", "outside the audience"),
        ("something new", "outside the audience"),
        ("audience:\x1b[2J\u202eR", "in the audience “[2JR”"),
    ],
)
def test_the_baseline_is_named(baseline, said):
    assert said in trust_sentences.baseline_words(baseline)


EVERY_SENTENCE = {
    "reach holds": trust_sentences.cleaned_reach(0.2, 0.21, 1.05, is_loss=False, compared=", x"),
    "reach falls": trust_sentences.cleaned_reach(0.2, 0.11, 0.55, is_loss=True),
    "nobody endorses": trust_sentences.endorsement("@a", "follows", 0.0, ["@b"]),
    "strongest": trust_sentences.endorsement("@a", "follows", 1.0, ["@b", "@c"], "; typical"),
    "endorsed by one": trust_sentences.endorsement("@a", "interactions", 0.31, ["@b"]),
    "endorsed": trust_sentences.endorsement("@a", "follows", 0.0001, []),
    "talked about": trust_sentences.word_of_mouth("@a", 77, 25, 4, 3),
    "one voice, one week": trust_sentences.word_of_mouth("@a", 1, 1, 1, 0),
    "no times": trust_sentences.word_of_mouth("@a", 5, 0, NAN, NAN),
    "only prompted": trust_sentences.word_of_mouth("@a", 0, 0, NAN, 1),
    "silence": trust_sentences.word_of_mouth("@a", 0, 0, 0, NAN),
    "converses": trust_sentences.conversation("@a", 0.62, 50, on_posts=True),
    "acts": trust_sentences.conversation("@a", 0.0, NAN, on_posts=False),
    "answers": trust_sentences.answers("@a", (120, 9), (0.34, 0.26, 0.43), 2.1, 0.9),
    "answers, little known": trust_sentences.answers("@a", (NAN, NAN), (0.34, NAN, NAN), NAN, NAN),
    "no answers": trust_sentences.answers("@a", (6, 4), (0.0, 0.0, 0.2), NAN, NAN),
    "no answers, unknown to how many": trust_sentences.answers("@a", (NAN, NAN), (0.0, 0.0, 0.2), NAN, NAN),
    "return": trust_sentences.returning_dyads("@a", 12, 40, 0.45),
    "return, of unknown": trust_sentences.returning_dyads("@a", 12, NAN, NAN),
    "nobody returns": trust_sentences.returning_dyads("@a", 0, 4, NAN),
    "nobody talks": trust_sentences.returning_dyads("@a", 0, 0, NAN),
    "clockwork": trust_sentences.automation("@a", 0.7, is_unusual=True),
    "moods": trust_sentences.automation("@a", 0.1, is_unusual=False),
    "bridge": trust_sentences.communities("@a", 4, 7, is_bridge=True),
    "one group": trust_sentences.communities("@a", 1, 1, is_bridge=False),
    "no group": trust_sentences.communities("@a", 0, 7, is_bridge=False),
    "rising": trust_sentences.momentum("@a", "rising", (0.031, 0.01, 0.05), 6),
    "falling": trust_sentences.momentum("@a", "falling", (-0.031, NAN, NAN), 6),
    "steady": trust_sentences.momentum("@a", "steady", (0.012, -0.03, 0.06), 3),
    "steady, unknown": trust_sentences.momentum("@a", "steady", (NAN, NAN, NAN), 3),
    "friendly": trust_sentences.tone("@a", (0.29, 0.11, 0.47), 75, 75 / 129),
    "cold": trust_sentences.tone("@a", (-0.3, -0.5, -0.1), NAN, NAN),
    "neither": trust_sentences.tone("@a", (0.0, NAN, NAN), 3, 1.0),
    "odd followers": shill_sentences.suspicious_followers((0.4, 0.3, 0.5), 200, is_unusual=True),
    "usual followers": shill_sentences.suspicious_followers((0.01, 0, 0.02), 200, is_unusual=False),
    "sent": shill_sentences.lockstep_followers(0.62, 1_240, 412, 19, "block-001"),
    "not sent": shill_sentences.lockstep_followers(0.0, 1_240, 0, 0, ""),
    "a block": shill_sentences.lockstep_block(
        (412, 19),
        7_100,
        31.4,
        (datetime(2024, 5, 3, tzinfo=UTC), datetime(2024, 6, 1, tzinfo=UTC)),
        (0.84, 0.06),
    ),
    "a block without times": shill_sentences.lockstep_block((412, 19), 7_100, 0.2, (None, None)),
    "leads there": shill_sentences.shill_neighbourhood(3.6, 3.0, 30, (4, 0.42)),
    "leads nowhere": shill_sentences.shill_neighbourhood(0.6, 3.0, 30, (0, 0.42)),
    **{
        f"a burst, {label}, {typical}": growth_sentences.growth_burst(
            growth_sentences.BurstFacts(
                label,
                0.9,
                date(2024, 5, 3),
                date(2024, 5, 4),
                31.4,
                typical,
                cause,
                *[share] * 4,
            ),
            frozenset(CAUSES),
        )
        for label, typical, cause, share in (
            ("explained", 0.2, "viral_post", 0.4),
            ("unusual", 1.2, "network_growth", 0.4),
            ("bombed", 31.2, None, 1.0),
            ("unclear", 0.2, None, None),
            ("unusual", None, None, 0.7),
        )
    },
    "bursts": growth_sentences.growth_in_all("One.", ["unusual", "unusual", "explained"]),
    "resembles": shill_sentences.resembles(
        ("resembles", "looks_the_same"),
        "@rosa",
        (datetime(2024, 5, 3, tzinfo=UTC), datetime(2012, 6, 1, tzinfo=UTC)),
        (12, 25_000),
    ),
    "one owner": shill_sentences.resembles(
        ("same_owner", "something_added"), "@rosa", (None, None), (12, 25_000)
    ),
    "one name": shill_sentences.resembles(
        ("same_owner", "mutual_namesakes"), "@rosa", (None, None), (12, 25_000)
    ),
    "a fan": shill_sentences.resembles(
        ("says_so", "name_looks_the_same"), "@rosa", (None, None), (12, 25_000)
    ),
    "resembled once": shill_sentences.resembled(1, ["@r0sa"]),
    "resembled": shill_sentences.resembled(9, ["@r0sa", "@rosa_", "@rosa1"]),
    "no burst by times": growth_sentences.steady_growth(1_204, "follow_times"),
    "no burst by order": growth_sentences.steady_growth(1_204, "follow_order"),
    "no burst by counts": growth_sentences.steady_growth(1_204, "snapshots"),
    "a pod": shill_sentences.engagement_pods(1.4, 0.9, 1),
    "a circle": shill_sentences.pod_group((13, 0.75, 0.012), (0.97, 0.2, 960.0), 0.1, 0.14),
    "a circle without times": shill_sentences.pod_group((3, 0.5, 0.0), (None, None, None), 1.0, None),
    "a circle of one topic": shill_sentences.pod_group((3, 0.5, 0.0), (None, None, None), 0.2, 0.9),
    "a circle of some topic": shill_sentences.pod_group((3, 0.5, 0.0), (None, None, None), 0.2, 0.4),
    "in step": shill_sentences.coordinated_sharing(30.1, 7.2, (40, 12, 14), "wave-001"),
    "in step with one": shill_sentences.coordinated_sharing(30.1, 7.2, (40, 1, 14), None),
    "not in step": shill_sentences.coordinated_sharing(0.0, 7.2, (40, 0, 0), None),
    "a wave": shill_sentences.sharing_group(20, 25, 60, (10.0, 0.04)),
    "no pod": shill_sentences.engagement_pods(0.4, 0.9, 0),
    "hidden": shill_sentences.undisclosed_promotion(100, 2, 3, 31.2),
    "one hidden": shill_sentences.undisclosed_promotion(100, 2, 0, 1.2),
    "hardly hidden": shill_sentences.undisclosed_promotion(100, 2, 0, 0.5),
    "open": shill_sentences.undisclosed_promotion(100, 2, 0, 0.0),
    "copies": shill_sentences.copied_text(100, 9, 11, shill_sentences.quoted("Buy\nit"), ", x"),
    "two copies": shill_sentences.copied_text(100, 2, 1, shill_sentences.quoted("\u202e")),
    "pasted answers": shill_sentences.copied_text(100, 4, 0, shill_sentences.quoted("y" * 500)),
    "no copies": shill_sentences.copied_text(100, 0, 0, ""),
    "copied group": shill_sentences.copied_group(12, 1, "Everybody buys it"),
    "variety": shill_sentences.brand_variety(41, 0.83, 0.7, 23, "coffee"),
    "variety alone": shill_sentences.brand_variety(5, 0.0, None, 0, None),
    "loyal": shill_sentences.brand_loyalty(3, 63.6, (2, 0.5, 4.0), ", x"),
    "loyal to one": shill_sentences.brand_loyalty(1, 0.0, (1, 1.0, 1.0)),
    "loyal to none": shill_sentences.brand_loyalty(4, 1.0, (2, 0.0, 0.0)),
    "not before": shill_sentences.brand_loyalty(4, 1.0, (1, 0.0, 0.0)),
    "never paid": shill_sentences.brand_loyalty(1, 9.0, (0, None, None)),
    "rivals": shill_sentences.rival_gap(4),
    "rivals at once": shill_sentences.rival_gap(0),
    "performs": shill_sentences.paid_performance(0.23, ", x"),
    "hops": shill_sentences.brand_hopping(5, ", x"),
    "hops once": shill_sentences.brand_hopping(1),
    "no hop": shill_sentences.brand_hopping(0),
    "missing": sentences.not_measured([("tone", "no posts"), ("answers", "no posts"), ("trend", "one run")]),
}


@pytest.mark.parametrize("text", EVERY_SENTENCE.values(), ids=EVERY_SENTENCE.keys())
def test_every_sentence_is_one_a_person_can_read(text):
    assert text.endswith(".")
    assert text[0].isascii()
    assert text[0].isalnum()
    assert "nan" not in text.casefold().replace("finance", "")
    assert "None" not in text
    assert "  " not in text
    assert not [word for word in VERDICTS if word in text.casefold()]


def test_sentences_worth_reading_whole():
    assert EVERY_SENTENCE["talked about"] == (
        "77 members mentioned, quoted or reposted @a unasked in 25 different weeks, from 4 groups of the "
        "audience. 3 members spoke of it only after a call to share and are not counted."
    )
    assert EVERY_SENTENCE["answers"] == (
        "9 members wrote 120 messages to @a, and 34 % of the messages were answered (between 26 % and 43 %), "
        "typically within 2 hours. Of its answers to anybody, 90 % have words of their own."
    )
    assert EVERY_SENTENCE["no answers"] == ("4 members wrote 6 messages to @a, and no answer was seen.")
    assert EVERY_SENTENCE["converses"].startswith("62 % of what @a posts (50 posts) is directed")
    assert EVERY_SENTENCE["clockwork"].startswith("Scheduled posts, news feeds")
    assert EVERY_SENTENCE["missing"] == ("Not enough data for: tone and answers (no posts); trend (one run).")


def test_a_block_says_how_many_how_unusual_and_when():
    assert EVERY_SENTENCE["a block"] == (
        "412 accounts follow the same 19 accounts: 7,100 follows where about 31 would be usual for accounts "
        "that follow and are followed as much, between 2024-05-03 and 2024-06-01. 84 % of them came in "
        "bursts, many to one account within a day, and 6.0 % of what else these accounts follow."
    )
    assert EVERY_SENTENCE["a block without times"].endswith("followed as much.")


def test_tone_says_how_many_of_how_many_messages_could_be_read():
    assert EVERY_SENTENCE["friendly"].startswith(
        "The exchange with @a reads friendly (+0.3 of −1 to 1, between +0.1 and +0.5; 75 of 129 messages "
        "(58 %) could be read)."
    )
    assert "could be read" not in EVERY_SENTENCE["cold"]


def test_a_steady_trend_still_has_a_number():
    assert EVERY_SENTENCE["steady"] == (
        "Trust in @a moved +0.01 per 30 days against the others (between −0.03 and +0.06) over 3 runs, which "
        "is not beyond chance."
    )
    assert EVERY_SENTENCE["rising"].endswith("per 30 days against the others (between +0.01 and +0.05).")
    assert "per 30 days" not in EVERY_SENTENCE["steady, unknown"]
    assert EVERY_SENTENCE["falling"].endswith("−0.03 per 30 days against the others; it can recover.")


@pytest.mark.parametrize(("value", "shown"), [(0.04, "0.0"), (-0.04, "0.0"), (0.06, "+0.1"), (-0.06, "−0.1")])
def test_signs(value, shown):
    assert signed(value, 1) == shown


@pytest.mark.parametrize("module", [sentences, trust_sentences, shill_sentences])
def test_the_wording_holds_no_verdicts(module):
    source = (
        inspect.getsource(module)
        .casefold()
        .replace("assets.shill", "")
        .replace("graph.shill", "")
        .replace("shill`", "")
        .replace("shill_neighbourhood", "")
    )
    assert not [word for word in VERDICTS if word in source]
