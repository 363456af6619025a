"""The one plain sentence that each line of evidence carries.

Wording only: what was seen, what it rests on, what is typical, how unusual it is. Signals, never verdicts:
nothing here calls a person anything. Numbers come ready from the stages; None means it was not measured.
"""

from collections.abc import Sequence

FOLLOWS = "follows"
INTERACTIONS = "interactions"
HARDLY_ANY = 0.1  # expected posts below which nothing is said to look paid


def percent(share: float) -> str:
    """A share as a person writes it: one digit below ten percent, none above."""
    value = 100 * share
    return f"{value:.1f} %" if 0 < value < 9.95 else f"{value:.0f} %"


def times(ratio: float) -> str:
    """A ratio as a person writes it."""
    return f"{ratio:,.0f}" if ratio >= 9.5 else f"{ratio:.1f}"


def affinity(
    name: str,
    basis: str,
    followers: int,
    audience_size: int,
    share: tuple[float, float, float],
    lift: tuple[float, float, float],
) -> str:
    """Reach and lift with their bounds; `share` and `lift` are (value, low, high)."""
    verb = "follow" if basis == FOLLOWS else "repost, quote, mention or answer"
    reach = (
        f"{followers:,} of the {audience_size:,} known members {verb} {name} "
        f"({percent(share[0])}, between {percent(share[1])} and {percent(share[2])})"
    )
    if lift[0] != lift[0]:  # NaN: the network holds nobody else to compare with
        return f"{reach}; there is nobody outside the audience to compare that with."
    if lift[1] > 1:
        return (
            f"{reach}, {times(lift[0])} times as many as among similar accounts "
            f"(at least {times(lift[1])} times)."
        )
    if lift[2] < 1:
        return f"{reach}, fewer than among similar accounts ({times(lift[0])} times as many)."
    return f"{reach}, which does not stand out from similar accounts ({times(lift[0])} times as many)."


def cleaned_reach(raw: float, cleaned: float, *, holds: bool) -> str:
    """How the reach changes when mass followers and empty profiles count less."""
    if holds:
        return (
            f"Its reach holds when mass followers and empty profiles count less: "
            f"{percent(raw)} raw, {percent(cleaned)} cleaned."
        )
    return (
        f"Part of its reach comes from members who follow masses or have empty profiles: "
        f"{percent(raw)} raw, {percent(cleaned)} cleaned."
    )


def endorsement(name: str, share_of_strongest: float, typical: float | None, tier: str) -> str:
    """How much of the audience's attention flows to the account, against the strongest voice."""
    middle = "" if typical is None else f"; typical for {_tier(tier)} here: {percent(typical)}"
    return (
        f"Attention passed on by the people this audience listens to reaches {name} with "
        f"{percent(share_of_strongest)} of the strength of the strongest voice{middle}."
    )


def word_of_mouth(name: str, voices: int, weeks: int, typical: float | None, tier: str) -> str:
    """Distinct members who speak of the account unasked."""
    middle = "" if typical is None else f"; typical for {_tier(tier)} here: {typical:,.0f}"
    if voices == 0:
        return f"No member was seen mentioning, quoting or reposting {name}{middle}."
    people = "member" if voices == 1 else "members"
    spread = f" in {weeks} {'different weeks' if weeks != 1 else 'week'}" if weeks else ""
    return f"{voices:,} {people} mentioned, quoted or reposted {name}{spread}{middle}."


def suspicious_followers(
    share: tuple[float, float, float], profiled: int, typical: float | None, tier: str
) -> str:
    """Share of followers whose profile looks suspicious; `share` is (value, low, high)."""
    middle = "" if typical is None else f"; typical for {_tier(tier)} here: {percent(typical)}"
    return (
        f"{percent(share[0])} of {profiled:,} profiled followers look unusual: empty, new, following masses "
        f"(between {percent(share[1])} and {percent(share[2])}){middle}. "
        "Followers can be sent by others, so this alone says nothing about who ordered them."
    )


def engagement_pods(score: float, threshold: float, partners: int) -> str:
    """How much mutual engagement exceeds what activity and friendship explain."""
    if score > threshold:
        return (
            f"Exchanges likes and answers with {partners} accounts far more evenly than chance would "
            f"(score {score:.2f}, unusual above {threshold:.2f}); friends can look like it too."
        )
    return (
        f"No unusual exchange of likes and answers within a fixed circle (score {score:.2f}, unusual above "
        f"{threshold:.2f})."
    )


def undisclosed_promotion(posts: int, disclosed: int, hints: int, expected_more: float) -> str:
    """Disclosed paid posts, those that hint at it, and how many more look paid."""
    said = f"{disclosed:,} of {posts:,} posts say that they are paid"
    if hints:
        said += f", {hints:,} hint at it in a form that local rules may not accept"
    if expected_more < HARDLY_ANY:
        return f"{said}, and no other looks paid."
    if expected_more < 1:
        return f"{said}; a few others lean that way, together less than one post's worth."
    return f"{said}, about {round(expected_more):,} more look paid."


def brand_hopping(brands: int, typical: float | None) -> str:
    """Distinct brands promoted without saying so in the last 90 days."""
    middle = "" if typical is None else f"; typical here: {typical:,.0f}"
    if brands == 0:
        return f"No brand was pushed without a disclosure in the last 90 days{middle}."
    return (
        f"Promoted {brands:,} {'different brands' if brands != 1 else 'brand'} without a disclosure in the "
        f"last 90 days{middle}."
    )


def not_measured(signals: Sequence[str]) -> str:
    """What could not be looked at; it counts neither for nor against."""
    return f"Not enough data for: {', '.join(signal.replace('_', ' ') for signal in signals)}."


def _tier(tier: str) -> str:
    return "accounts of unknown size" if tier == "unknown" else f"{tier} accounts"
