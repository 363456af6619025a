"""The columns of every sheet, and what they mean."""

from __future__ import annotations

from pipelines import numbers
from pipelines.cli.words.changes import cause_words
from pipelines.cli.words.story import direction_of
from pipelines.cli.workbook.cells import (
    CHANGE,
    COUNT,
    MONEY,
    RATIO,
    RISK,
    SCORE,
    SHARE,
    Cell,
    Sheet,
    day,
    handle,
    listed,
    number,
    status,
    status_reason,
    text,
    voices,
    words,
    yes,
)

EVIDENCE_RANKS = 300  # evidence of more candidates than anybody reads makes the file slow to open
OVERLAP_RANKS = 25  # and pairs of more than these are a book

DECISION = "decision"
COMMENT = "comment"
# Empty, for whoever reads: a list to choose from, and room for the reason.
_READERS_OWN = (
    Cell(DECISION, lambda _row: None, width=70),
    Cell(COMMENT, lambda _row: None, width=200),
)
DECISIONS = ("yes", "maybe", "no")

PORTFOLIO = Sheet(
    "Portfolio",
    (
        Cell("#", number("pick"), COUNT, 36),
        Cell("handle", handle(), width=170),
        Cell("name", text("display_name"), width=140),
        Cell("audience", text("audience"), width=130),
        Cell("plan", text("plan"), width=56),
        Cell("adds members", number("new_members"), COUNT, 70),
        Cell("together", number("cumulative_members_share"), SHARE, 70),
        Cell("adds, by trust", number("adds_share"), SHARE, 70),
        Cell("price", number("price"), MONEY, 80),
        Cell("prices so far", number("cumulative_price"), MONEY, 84),
        Cell("currency", text("currency"), width=76),
        Cell("status", status, width=130),
        Cell("trust", number("trust"), SCORE, 64, is_bar=True),
        Cell("risk", number("shill_probability"), RISK, 60, is_bar=True),
        Cell("backup", handle("backup_handle"), width=150),
        *_READERS_OWN,
        Cell("account id", text("account_id"), width=130),
    ),
    printed_up_to=COMMENT,
)
CANDIDATES = Sheet(
    "Candidates",
    (
        Cell("rank", number("rank"), COUNT, 46),
        Cell("handle", handle(), width=170),
        Cell("name", text("display_name"), width=140),
        Cell("audience", text("audience"), width=130),
        Cell("status", words("status"), width=112),
        Cell("why this status", status_reason, width=140),
        Cell("pick", lambda row: "★" if row["is_pick"] else None, width=40),
        Cell("trust", number("trust"), SCORE, 64, is_bar=True),
        Cell("risk", number("shill_probability"), RISK, 60, is_bar=True),
        Cell("reach", number("reach_share"), SHARE, 60),
        Cell("members who follow", number("audience_followers"), COUNT, 76),
        Cell("lift", lambda row: None if numbers.is_unobserved(row) else row["lift"], RATIO, 56),
        Cell("voices", number("word_of_mouth_voices"), COUNT, 56),
        Cell("answers", number("answer_rate"), SHARE, 64),
        Cell("followers", number("followers_count"), COUNT, 84),
        Cell("size", text("size_tier"), width=56),
        Cell("price", number("price"), MONEY, 80),
        Cell("currency", text("currency"), width=76),
        *_READERS_OWN,
        Cell("score", number("score"), SCORE, 60),
        Cell("best rank", number("rank_low"), COUNT, 60),
        Cell("worst rank", number("rank_high"), COUNT, 60),
        Cell("rank in its size", number("rank_in_tier"), COUNT, 70),
        Cell("trust low", number("trust_low"), SCORE, 60),
        Cell("trust high", number("trust_high"), SCORE, 60),
        Cell("risk low", number("shill_probability_low"), RISK, 60),
        Cell("risk high", number("shill_probability_high"), RISK, 60),
        Cell("signals measured", number("signals_measured"), COUNT, 76),
        Cell("reach cleaned", number("reach_share_cleaned"), SHARE, 70),
        Cell("lift low", number("lift_low"), RATIO, 60),
        Cell("lift high", number("lift_high"), RATIO, 60),
        Cell("voices from groups", number("word_of_mouth_communities"), COUNT, 76),
        Cell("converses", number("conversation"), SCORE, 76),
        Cell("answers low", number("answer_rate_low"), SHARE, 70),
        Cell("answers high", number("answer_rate_high"), SHARE, 70),
        Cell("messages to it", number("replies_received"), COUNT, 76),
        Cell("from members", lambda row: row.get("speakers"), COUNT, 76),
        Cell("hours to answer", number("answer_delay_hours"), "0.0", 70),
        Cell("come back to talk", number("returning_dyads"), COUNT, 76),
        Cell("groups reached", number("communities_covered"), COUNT, 70),
        Cell("joins groups", yes("is_bridge"), width=60),
        Cell("over the runs", words("momentum"), width=110),
        Cell("trust per 30 days", number("momentum_change"), CHANGE, 76),
        Cell("tone (coarse)", number("tone"), "0.0", 70),
        Cell("tone read in", number("tone_coverage"), SHARE, 70),
        Cell("platform", text("platform"), width=90),
        Cell("language", text("language"), width=70),
        Cell("compared with", text("baseline"), width=110),
        Cell("label", words("review"), width=70),
        Cell("what would change the rank", text("what_would_change"), width=420),
        Cell("account id", text("account_id"), width=130),
    ),
    printed_up_to=COMMENT,
)
EVIDENCE = Sheet(
    "Evidence",
    (
        Cell("rank", number("rank"), COUNT, 46),
        Cell("handle", handle(), width=170),
        Cell("audience", text("audience"), width=130),
        Cell("speaks", direction_of, width=64),
        Cell("reason", text("sentence"), width=520, is_wrapped=True),
        Cell("signal", words("signal"), width=140),
        Cell("value", number("value"), "0.000", 64),
        Cell("typical", number("typical_value"), "0.000", 64),
        Cell("counts from", number("threshold"), "0.000", 64),
        Cell("weight", number("weight"), "0.00", 60),
        Cell("examples", listed("example_ids", "; "), width=240),
        Cell("account id", text("account_id"), width=130),
    ),
    printed_up_to="weight",
)
OVERLAP = Sheet(
    "Overlap",
    (
        Cell("one", handle("handle_a"), width=180),
        Cell("other", handle("handle_b"), width=180),
        Cell("audience", text("audience"), width=130),
        Cell("members who follow both", number("shared_followers"), COUNT, 110),
        Cell("share of the smaller", number("share_of_smaller"), SHARE, 100, is_bar=True),
        Cell("only the one", number("exclusive_share_a"), SHARE, 90),
        Cell("only the other", number("exclusive_share_b"), SHARE, 90),
        Cell("Jaccard", number("jaccard"), SHARE, 80),
    ),
)
CHANGES = Sheet(
    "Changes",
    (
        Cell("change", text("change"), width=70),
        Cell("handle", handle(), width=170),
        Cell("audience", text("audience"), width=130),
        Cell("place before", number("rank_before"), COUNT, 64),
        Cell("place now", number("rank_after"), COUNT, 64),
        Cell("within range", yes("is_within_range"), width=56),
        Cell("cause", lambda row: cause_words(row | {"cause_change": None}) or None, width=130),
        Cell("score by it", number("cause_change"), CHANGE, 64),
        Cell("score before", number("score_before"), SCORE, 64),
        Cell("score now", number("score_after"), SCORE, 64),
        Cell("status before", words("status_before"), width=112),
        Cell("status", words("status_after"), width=112),
        Cell("pick before", yes("was_pick", "★"), width=56),
        Cell("pick now", yes("is_pick", "★"), width=56),
        Cell("compared with", day("previous_as_of"), width=90),
        Cell("account id", text("account_id"), width=130),
    ),
)
GROUPS = Sheet(
    "Groups",
    (
        Cell("group", text("name"), width=240, is_wrapped=True),
        Cell("audience", text("audience"), width=140),
        Cell("members", number("members"), COUNT),
        Cell("cleaned", number("members_cleaned"), COUNT),
        Cell("small", yes("is_small", "small"), width=60),
        Cell("stability", number("stability"), SCORE),
        Cell("ties inside", number("internal_share"), SHARE),
        Cell("what they share", listed("terms"), width=220, is_wrapped=True),
        Cell("voices", voices, width=340, is_wrapped=True),
        Cell("voices that the list hides", listed("hidden_voices"), width=240, is_wrapped=True),
    ),
)
ADVOCATES = Sheet(
    "Advocates",
    (
        Cell("brand", text("brand"), width=160),
        Cell("handle", handle(), width=180),
        Cell("audience", text("audience"), width=140),
        Cell("first", day("first_at")),
        Cell("last", day("last_at")),
        Cell("posts", number("posts"), COUNT),
        Cell("weeks", number("weeks"), COUNT),
        Cell("first paid post seen", day("first_paid_at"), width=120),
        Cell("spoke before it", yes("is_before_paid")),
        Cell("member", yes("is_member")),
        Cell("rank", number("rank"), COUNT, 60),
        Cell("status", status, width=170),
        Cell("examples", listed("example_post_ids", "; "), width=260),
        Cell("account id", text("account_id"), width=140),
    ),
    printed_up_to="status",
)
MEANINGS = (
    (
        "trust",
        "0 to 1: endorsement inside the audience, how special it is here, word of mouth, and conversation.",
    ),
    (
        "status",
        "watch: for risk, for its name, or as not special here: lift may be chance, nothing against it.",
    ),
    (
        "label",
        "A person's: genuine or shill. The status follows it: risk does not count where it says genuine.",
    ),
    (
        "risk",
        "The probability, from measured signals, that influence is bought; low and high are its interval.",
    ),
    (
        "reach",
        "The share of the audience that follows the account or, where no follows are known, engages with it.",
    ),
    (
        "reach cleaned",
        "The same, with each member at its weight: the list's own, and what cleaning leaves of it.",
    ),
    (
        "lift",
        "Reach cleaned ÷ the share among comparable accounts outside; empty where none of them follows it.",
    ),
    ("voices", "Members who mentioned, quoted or reposted the account unasked, each counted once."),
    (
        "converses",
        "From broadcast, 0, to conversation with the audience, 1: whether it answers and is spoken to again.",
    ),
    ("answers", "The share of the members' messages to the account that it answered."),
    (
        "tone (coarse)",
        "From -1 to 1, from words and emoji; read in is the share of messages it was read in. Never ranked.",
    ),
    (
        "Advocates",
        "Who named a brand unpaid; posts that clearly read negative are left out. Naming need not be praise.",
    ),
    (
        "Groups",
        "Voices: whom the group follows more than the audience does; of hidden ones, none to avoid is named.",
    ),
    ("stability", "How much of a group is found again when its ties are varied by chance, 0 to 1."),
    ("score", "Trust at its lower end × (1 − risk at its upper end): what the rank goes by."),
    ("best, worst rank", "Between which ranks the account falls when audience, weights and risk are varied."),
    ("plan", "budget: the picks for an amount of money; count: those for a number of partners."),
    ("adds members", "Members, counted alike, whom this pick reaches and no earlier pick of its plan does."),
    ("together", "The share of all members whom the picks of the plan up to this one reach."),
    (
        "adds, by trust",
        "Share of the cleaned audience that the pick adds, weighted by the picks' scores: below its reach.",
    ),
    (
        "share of the smaller",
        "Members who follow both, out of those of the smaller: low is reach, high repeats.",
    ),
    (
        "Overlap",
        f"Pairs of the first {OVERLAP_RANKS} of each audience and the picks; others: audience_overlap.csv.",
    ),
    (
        "Changes",
        f"Of the first {EVIDENCE_RANKS}, the picks and who changed in status; cause: what changed the most.",
    ),
    (
        "Evidence",
        f"Of the first {EVIDENCE_RANKS} of each audience and of every pick; the rest: vouch why HANDLE.",
    ),
    (
        "Not in here",
        "Demographics, contact data, and content: look at the profile before you write to anybody.",
    ),
)
