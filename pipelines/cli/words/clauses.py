"""One reason as a clause of a longer sentence, a writer for each signal.

A signal that has no writer here is told by its own sentence, so that a new one is never left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipelines import numbers
from pipelines.cli.words.lines import AGAINST, FOR, SHILL, reason_line, uncapitalised
from pipelines.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipelines.cli.output import Row


def clause(row: Row, reason: Row) -> str:
    """A reason as a clause of a longer sentence; its own sentence where the signal is not known here."""
    write = _CLAUSES.get(reason["signal"])
    # without anybody to compare with, affinity has no value, and words all the same
    is_told = reason["signal"] == "affinity" and numbers.is_unobserved(row)
    if write is None or (numbers.is_unknown(reason["value"]) and not is_told):
        return uncapitalised(reason_line(reason).rstrip("."))
    return write(row, reason) + _though_usual(reason)


def _though_usual(reason: Row) -> str:
    """Why a figure raises the risk that is no more than typical here."""
    typical = reason["typical_value"]
    if reason["side"] != SHILL or reason["direction"] != AGAINST or numbers.is_unknown(typical):
        return ""
    is_usual = not numbers.is_unknown(reason["value"]) and reason["value"] <= typical
    return ", no more than usual here but commoner where influence is bought" if is_usual else ""


def _affinity(row: Row, reason: Row) -> str:
    verb = "follow" if row["attention_basis"] != "interactions" else "engage with"
    than = baseline(row.get("baseline"))
    heard = f"{numbers.share(row['reach_share'])} of the members {verb} it"
    if numbers.is_unobserved(row):
        return f"{heard}, and {nobody_else(row, than)}"
    heard += numbers.weighed(row)
    if reason["direction"] == AGAINST:
        return f"{heard}, only {numbers.ratio(reason['value'])} times the share {than}"
    at_least = "" if numbers.is_unknown(row["lift_low"]) else f", at least {numbers.ratio(row['lift_low'])}"
    return f"{heard}, {numbers.ratio(reason['value'])} times the share {than}{at_least}"


def _cleaned_reach(row: Row, reason: Row) -> str:
    way = "falls" if reason["direction"] == AGAINST else "goes"
    raw, cleaned = numbers.share(row["reach_share"]), numbers.share(row["reach_share_cleaned"])
    return f"its reach {way} from {raw} to {cleaned} when each member counts by its weight"


def _endorsement(row: Row, reason: Row) -> str:
    del row
    if reason["value"] == 0:
        return "the people this audience listens to pass no more attention on to it than fame would bring"
    if reason["value"] == 1:
        return "nobody gets more of the attention that the people this audience listens to pass on"
    typical = _typical(reason, numbers.share)
    return (
        "the attention passed on to it by the people this audience listens to has "
        f"{numbers.share(reason['value'])} of the strength of the strongest voice{typical}"
    )


def _word_of_mouth(row: Row, reason: Row) -> str:
    if reason["value"] == 0:
        return f"no member was seen speaking of it{_typical(reason, numbers.any_number)}"
    weeks = row["word_of_mouth_weeks"]
    over = f" over {numbers.counted(weeks, 'week')}" if weeks else ""
    return (
        f"{numbers.counted(reason['value'], 'member')} spoke of it or passed its words on{over}"
        f"{_typical(reason, numbers.any_number)}"
    )


def _conversation(row: Row, reason: Row) -> str:
    del row
    only = "only " if reason["direction"] == AGAINST else ""
    return (
        f"{only}{numbers.share(reason['value'])} of what it does is meant for somebody"
        f"{_typical(reason, numbers.share)}"
    )


def _answers(row: Row, reason: Row) -> str:
    if reason["value"] == 0:
        return f"members who write to it were not seen getting an answer{_typical(reason, numbers.share)}"
    hours = row.get("answer_delay_hours")
    fast = "" if numbers.is_unknown(hours) else f", half of that within {_hours(hours)}"
    only = "only " if reason["direction"] == AGAINST else ""
    return (
        f"it answers {only}{numbers.share(reason['value'])} of what members write to it{fast}"
        f"{_typical(reason, numbers.share)}"
    )


def _returning_dyads(row: Row, reason: Row) -> str:
    del row
    if reason["value"] == 0:
        return f"no member it answered came back in another week{_typical(reason, numbers.any_number)}"
    return (
        f"{numbers.counted(reason['value'], 'member')} it answered came back in another week"
        f"{_typical(reason, numbers.any_number)}"
    )


def _automation(row: Row, reason: Row) -> str:
    del row
    return f"{numbers.share(reason['value'])} of its posts come like clockwork, as scheduled posts do"


def _communities(row: Row, reason: Row) -> str:
    bridge = ", joining groups that share few other voices" if row.get("is_bridge") else ""
    listen = numbers.counted(
        reason["value"], "group of the audience listens", "groups of the audience listen"
    )
    return f"{listen} to it{bridge}"


def _momentum(row: Row, reason: Row) -> str:
    runs = row.get("momentum_runs")
    over = f" over {numbers.counted(runs, 'run')}" if runs else ""
    way = "rising" if reason["direction"] == FOR else "falling"
    return f"trust in it has been {way}{over}, beyond chance"


def _suspicious_followers(row: Row, reason: Row) -> str:
    del row
    typical = reason["typical_value"]
    if reason["value"] == 0:
        return f"none of its followers looks unusual{_typical(reason, numbers.share)}"
    is_low = reason["direction"] == FOR and not numbers.is_unknown(typical) and reason["value"] <= typical
    share = (
        f"{'only ' if is_low else ''}{numbers.share(reason['value'])} of its followers look unusual"
        f"{_typical(reason, numbers.share)}"
    )
    return f"{share}, whoever sent them" if reason["direction"] == AGAINST else share


def _lockstep_followers(row: Row, reason: Row) -> str:
    del row
    if reason["value"] == 0:
        return "none of its followers was seen to follow in lockstep"
    return (
        f"{numbers.share(reason['value'])} of its followers follow the same accounts as if sent there, "
        "whoever sent them"
    )


def _shill_neighbourhood(row: Row, reason: Row) -> str:
    del row
    if reason["direction"] == AGAINST:
        return (
            f"it leads {numbers.ratio(reason['value'])} times as often as usual to accounts that reviewers "
            "marked as not genuine, as it may for whoever watches a field"
        )
    return "it follows accounts that reviewers marked as not genuine no more than is usual"


def _growth_bursts(row: Row, reason: Row) -> str:
    del row
    if reason["value"] == 0:
        return "no unexplained burst of followers counts against it"
    return (
        f"bursts without a known cause brought it about {numbers.share(reason['value'])} of its followers, "
        "whoever sent them"
    )


def _engagement_pods(row: Row, reason: Row) -> str:
    del row
    if reason["direction"] == AGAINST:
        return (
            "it exchanges likes and answers with a fixed circle far more evenly than chance would, as close "
            "friends may too"
        )
    return "whom it exchanges likes and answers with looks usual"


def _coordinated_sharing(row: Row, reason: Row) -> str:
    del row
    if reason["direction"] == AGAINST:
        return (
            "it shares the same posts and links as others at the same time, far more than how fast they "
            "share explains, as accounts behind one tool may too"
        )
    return "what it shares it does not share in step with others"


def _undisclosed_promotion(row: Row, reason: Row) -> str:
    del row
    if reason["direction"] == AGAINST:
        typical = _typical(reason, numbers.share)
        return f"{numbers.share(reason['value'])} of its posts look paid and do not say so{typical}"
    return "hardly any of its posts looks paid without saying so"


def _brand_hopping(row: Row, reason: Row) -> str:
    del row
    if reason["value"] == 0:
        return "it pushed no brand without a disclosure in the last 90 days"
    return (
        f"it promoted {numbers.counted(reason['value'], 'brand')} without a disclosure in the last 90 days"
        f"{_typical(reason, numbers.any_number)}"
    )


_CLAUSES: dict[str, Callable[[Row, Row], str]] = {
    "affinity": _affinity,
    "cleaned_reach": _cleaned_reach,
    "endorsement": _endorsement,
    "word_of_mouth": _word_of_mouth,
    "conversation": _conversation,
    "answers": _answers,
    "returning_dyads": _returning_dyads,
    "automation": _automation,
    "communities": _communities,
    "momentum": _momentum,
    "suspicious_followers": _suspicious_followers,
    "lockstep_followers": _lockstep_followers,
    "shill_neighbourhood": _shill_neighbourhood,
    "growth_bursts": _growth_bursts,
    "engagement_pods": _engagement_pods,
    "coordinated_sharing": _coordinated_sharing,
    "undisclosed_promotion": _undisclosed_promotion,
    "brand_hopping": _brand_hopping,
}


def nobody_else(row: Row, than: str) -> str:
    """That none of the baseline follows, and what lift that shows at least."""
    at_least = (
        "" if numbers.is_unknown(row["lift_low"]) else f": at least {numbers.ratio(row['lift_low'])} times"
    )
    return f"nobody {than} does{at_least}"


def baseline(compared_with: Any) -> str:
    """Whom the audience was compared with, as the end of a clause."""
    kind, _, name = str(compared_with or "").partition(":")
    if kind == "audience" and name:
        return f"in the audience “{plain(name, 60)}”"
    if kind == "category" and name:
        return f"among all who follow the category “{plain(name, 60)}”"
    return "among comparable people outside the audience"


def _typical(reason: Row, show: Callable[[float | None], str]) -> str:
    return (
        "" if numbers.is_unknown(reason["typical_value"]) else f" (typical {show(reason['typical_value'])})"
    )


def _hours(hours: float | None) -> str:
    written = numbers.any_number(hours)
    return f"{written} hour{'' if written == '1' else 's'}"
