"""Sentences about the parts of trust: how members count, who converses, what moves, who speaks for a brand.

Plain text that the templates escape. What is not known makes no sentence; words are those of signals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipelines import numbers

if TYPE_CHECKING:
    from datetime import datetime

    from pipelines.report.reading import Row

WEIGHT_REASONS = {
    "full_weight": ("counts in full", "count in full"),
    "nearly_full": (
        "counts nearly in full: nothing takes more than a fifth of its weight",
        "count nearly in full: nothing takes more than a fifth of their weight",
    ),
    "stated_weight": (
        "counts less because the list itself gives it less weight",
        "count less because the list itself gives them less weight",
    ),
    "mass_following": (
        "follows so many accounts that one follow more says little",
        "follow so many accounts that one follow more says little",
    ),
    "empty_profile": ("has a profile that is mostly empty", "have a profile that is mostly empty"),
    "suspicious_profile": ("has a profile that looks unusual", "have a profile that looks unusual"),
    "lockstep": ("acts in step with others", "act in step with others"),
}
QUANTITIES = {
    "reach_share": "reach",
    "reach_share_cleaned": "reach, cleaned",
    "trust": "trust",
    "lift": "lift",
    "conversation": "conversation",
    "answer_rate": "share answered",
    "word_of_mouth_share": "word of mouth",
    "listening_to_sharing": "from listening to sharing",
}
_IN_SHARES = frozenset({"share", "rate", "sharing"})
# Below a fifth read, or with an interval on both sides of nought, tone is not told as friendly or critical.
_TONE_COVERAGE = 0.2
_TONE_SETTLED = 0.15
# Hennig (2007): below a half a group dissolves when the data vary a little, from three quarters it holds.
_STABILITY = ((0.85, "holds together well"), (0.75, "holds together"), (0.5, "has loose edges"))
_CLOCKWORK = 0.5
HOLLOW_BELOW = 0.5
"""Where less of its stated weight is left nobody covers a group; `graph.trust.bridges.LEFT_FROM`, which takes
longer to import than a page to write."""
_NEXT_TO_NOTHING = 0.25
_FEWEST = 5
"""A share of fewer messages than this is told as too few to tell."""
_DAY_HOURS = 36.0


def hollow(group: Row) -> str:
    """That cleaning leaves little of a group, and why; nothing of a group that keeps most of its weight."""
    kept, unusual = group["weight_kept"], group["unusual_members"]
    if numbers.is_unknown(kept) or kept >= HOLLOW_BELOW:
        return ""
    left = "Next to nothing" if kept < _NEXT_TO_NOTHING else "Less than half"
    of_all = f"{numbers.count(unusual)} of its {numbers.counted(group['members'], 'member')}"
    have, act = ("has", "acts") if unusual == 1 else ("have", "act")
    why = (
        f"{of_all} {have} a profile that looks unusual or is mostly empty, or {act} in step with others. "
        if unusual
        else ""
    )
    return (
        f"{left} of its weight is left after cleaning ({numbers.share(kept)}). {why}What such a group "
        "follows tells little of what people trust; followers can be sent by others, so it says nothing "
        "against whom it follows."
    )


def counted_members(run: Row) -> str:
    """What the audience's members count together: by the list's own weights, and after cleaning."""
    stated, cleaned = run.get("audience_size_stated"), run["audience_size_cleaned"]
    after = f"{numbers.count(cleaned)} after cleaning (mass followers, empty or unusual profiles)"
    if numbers.is_unknown(cleaned):
        return ""
    if numbers.is_unknown(stated):
        return f"{numbers.count(cleaned)} by the list's own weights and after cleaning"
    if stated == run["audience_size"]:
        return "as many after cleaning" if numbers.count(cleaned) == numbers.count(stated) else after
    return f"{numbers.count(stated)} by the list's own weights, {after}"


def weight_reason(reason: str, members: int) -> str:
    """Why so many members count as they do, to be read after their number."""
    return numbers.noun(members, *WEIGHT_REASONS.get(reason, (reason.replace("_", " "),) * 2))


def conversation_sentences(row: Row) -> list[str]:
    """Whether an account converses with those who speak to it, one sentence for each thing that is known."""
    found = [answers(row), _directed(row), _own_words(row), _returning(row), _clockwork(row)]
    return [sentence for sentence in found if sentence]


def answer_share(row: Row) -> float | None:
    """The share of messages that an account answers; None also where it rests on a handful."""
    is_thin = row["replies_received"] is not None and row["replies_received"] < _FEWEST
    return None if is_thin or numbers.is_unknown(row["answer_rate"]) else row["answer_rate"]


def answers(row: Row) -> str:
    """How many of the messages sent to an account it answers, counted, of how many members, and how soon."""
    asked, rate = row["replies_received"], answer_share(row)
    if rate is None:
        times = "once" if asked == 1 else f"{numbers.count(asked)} times"
        return f"Members spoke to it {times}, too few to tell whether it answers." if asked else ""
    interval = _interval(row["answer_rate_low"], row["answer_rate_high"])
    counted = ""
    if asked:
        speakers = row.get("speakers")  # a file of an earlier release does not have it
        members = "members" if speakers is None else numbers.counted(speakers, "member")
        messages = numbers.counted(asked, "message")
        counted = f": {numbers.count(row['replies_answered'])} of {messages} from {members}"
    delay = _delay(row["answer_delay_hours"])
    return f"Answers {numbers.share(rate)}{interval} of what members write to it{counted}{delay}."


def tone(row: Row) -> str:
    """The tone of what is said to and of an account: coarse, with how much of it could be read."""
    if numbers.is_unknown(row["tone"]) or not row["tone_messages"]:
        return ""
    coverage = row["tone_coverage"]
    is_read = not numbers.is_unknown(coverage) and coverage >= _TONE_COVERAGE
    low, high = (
        row["tone"] if numbers.is_unknown(row[end]) else row[end] for end in ("tone_low", "tone_high")
    )
    word = "mixed or not clear"
    if is_read and low > 0 and row["tone"] > _TONE_SETTLED:
        word = "mostly friendly"
    elif is_read and high < 0 and row["tone"] < -_TONE_SETTLED:
        word = "mostly critical"
    messages = row["tone_messages"]
    if coverage is None or numbers.is_unknown(coverage) or coverage <= 0:
        read = f"{numbers.counted(messages, 'message')} could be read"
    else:
        everything = numbers.counted(messages / coverage, "message")
        read = f"{numbers.count(messages)} of {everything} ({numbers.share(coverage)}) could be read"
    return f"Tone, coarsely: {word}; {read}. It never enters the ranking."


def stability(value: float | None) -> str:
    """How surely the members of a group belong together."""
    if value is None or numbers.is_unknown(value):
        return ""
    return next(
        (words for least, words in _STABILITY if value >= least),
        "dissolves when its ties vary a little",
    )


def momentum(row: Row) -> str:
    """`Rising: trust +0.03 per 30 days over 5 runs.`; nothing where it is not known."""
    direction = row["momentum"]
    if direction not in {"rising", "steady", "falling"}:
        return ""
    runs = f" over {numbers.counted(row['momentum_runs'], 'run')}" if row["momentum_runs"] else ""
    if numbers.is_unknown(row["momentum_change"]):
        return f"{direction.capitalize()}{runs}."
    chance = ", which is not beyond chance" if direction == "steady" else ""
    return f"{direction.capitalize()}: trust {row['momentum_change']:+.2f} per 30 days{runs}{chance}."


def quantity(name: str) -> str:
    """What a trend follows, in words."""
    return QUANTITIES.get(name, name.replace("_", " "))


def change(row: Row, name: str) -> str:
    """A change per 30 days in the unit of what changes: percentage points for shares."""
    value = row[name]
    if numbers.is_unknown(value):
        return numbers.UNKNOWN
    if not _IN_SHARES.isdisjoint(str(row["quantity"]).split("_")):
        return f"{100 * value:+.1f} pp"
    return f"{value:+.2f}"


def paid(row: Row) -> str:
    """When an advocate was seen to be paid, and whether the own accord came before."""
    if row["first_paid_at"] is None:
        return "no paid post seen"
    since = f"paid or labelled post first seen {day(row['first_paid_at'])}"
    return f"{since}, spoke of it before" if row["is_before_paid"] else since


def day(moment: datetime | None) -> str:
    """`2026-03-01`."""
    return numbers.UNKNOWN if moment is None else moment.strftime("%Y-%m-%d")


def _directed(row: Row) -> str:
    value = row["conversation"]
    if numbers.is_unknown(value):
        return ""
    interval = ""
    if not numbers.is_unknown(row["conversation_low"]) and not numbers.is_unknown(row["conversation_high"]):
        bounds = numbers.between(
            numbers.score(row["conversation_low"]), numbers.score(row["conversation_high"])
        )
        interval = f" ({bounds})"
    directed = row["directed_share"]
    said = (
        ""
        if numbers.is_unknown(directed)
        else f": {numbers.share(directed)} of what it writes is addressed to somebody"
    )
    return (
        f"Conversation {numbers.score(value)}{interval} on a scale from broadcast, 0, to exchange, 1{said}."
    )


def _own_words(row: Row) -> str:
    value = row["distinct_answer_share"]
    if numbers.is_unknown(value) or (row["replies_answered"] or 0) < _FEWEST:
        return ""
    return f"{numbers.share(value)} of its answers have a wording of their own, near-duplicates counted once."


def _returning(row: Row) -> str:
    if row["returning_dyads"] is None or (row["dyads"] or 0) < _FEWEST:
        return ""
    again = numbers.count(row["returning_dyads"]) if row["returning_dyads"] else "none"
    answered = f"It answered {numbers.count(row['dyads'])} different members"
    return f"{answered}; {again} of them spoke to it in more than one week."


def _clockwork(row: Row) -> str:
    value = row["clockwork_share"]
    if numbers.is_unknown(value) or value < _CLOCKWORK:
        return ""
    return "Most of its output comes by the clock or repeats itself, as a scheduler would write."


def _interval(low: float | None, high: float | None) -> str:
    if numbers.is_unknown(low) or numbers.is_unknown(high):
        return ""
    lower, upper = numbers.share(low), numbers.share(high)
    return f" ({numbers.between(lower if lower == upper else lower.removesuffix(' %'), upper)})"


def _delay(hours: float | None) -> str:
    if hours is None or numbers.is_unknown(hours):
        return ""
    if hours < 1:
        return ", half of them within the hour"
    if hours < _DAY_HOURS:
        return f", half of them within {numbers.counted(hours, 'hour')}"
    return f", half of them within {numbers.counted(hours / 24, 'day')}"
