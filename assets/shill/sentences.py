"""The plain sentences of the lines of evidence on bought influence, with the harmless causes beside them.

Wording only; see `assets.sentences` for what all sentences share. `compared` is always the ready end of a
sentence that `assets.sentences.compared` made.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from assets.sentences import counted, listed, number, percent, span, times
from graph.shill.impersonation import (
    LOOKS_THE_SAME,
    MUTUAL_NAMESAKES,
    ONE_LETTER_OFF,
    SAME_NAME,
    SAME_OWNER,
    SAYS_SO,
    SOMETHING_ADDED,
)
from graph.text.plain_text import plain

LONGEST_QUOTE = 80
_ALIKE = {
    LOOKS_THE_SAME: "Its handle looks like that of {other} in print",
    SOMETHING_ADDED: "Its handle is that of {other} with something added or spelled otherwise",
    ONE_LETTER_OFF: "Its handle is one letter away from that of {other}, and both show the same name",
    SAME_NAME: "The name it shows looks like that of {other} and is written in other characters",
    MUTUAL_NAMESAKES: "It shows the same name as {other}, and they follow each other",
}
HARDLY_ANY = 0.1  # expected posts below which nothing is said to look paid
USUAL_HERE = (
    "That is no more than usual here; it weighs all the same, because in the generated worlds that taught "
    "the weights such a figure was commoner where influence was bought."
)
"""Behind the sentence of a figure that raises the risk and does not exceed what is typical."""

SOME_TOPIC, ONE_TOPIC = 0.2, 0.6  # between strangers (0) and friends (1)


_TYPE_WORDS = {
    "real": "look like ordinary people",
    "mass": "follow masses",
    "dormant": "show next to nothing",
    "influencer": "have an audience of their own",
}


def suspicious_followers(
    share: tuple[float, float, float],
    profiled: int,
    *,
    is_unusual: bool,
    compared: str = "",
    others: str = "",
) -> str:
    """Share of followers whose profile looks unusual; `share` is (value, low, high)."""
    harmless = (
        " Followers can be sent by others, so this alone says nothing about who ordered them."
        if is_unusual
        else ""
    )
    if share[0] == 0:
        seen = (
            f"None of {profiled:,} profiled followers stands out as unusual (at most {percent(share[2])} may "
            f"be){compared}."
        )
    else:
        seen = (
            f"{percent(share[0])} of {profiled:,} profiled followers look unusual: they follow many, few "
            f"follow them, they post little (between {percent(share[1])} and {percent(share[2])}){compared}."
        )
    return f"{seen}{f' {others}' if others else ''}{harmless}"


def other_followers(shares: Mapping[str, float]) -> str:
    """What the other profiled followers look like, the most frequent first, without traces.

    Args:
        shares: Type of `graph.shill.follower_quality.GENUINE_TYPES` to its share of all profiled followers.
    """
    told = sorted(((share, name) for name, share in shares.items() if share >= 0.005), reverse=True)
    if not told:
        return ""
    return f"Of all profiled, {listed([f'{100 * share:.0f} % {_TYPE_WORDS[name]}' for share, name in told])}."


def lockstep_followers(share: float, followers: int, buyers: int, together: int, group: str) -> str:
    """Share of followers that come from groups of accounts that follow the same others."""
    if share == 0:
        return f"No group that follows in lockstep was found among its {followers:,} followers in the data."
    return (
        f"{percent(share)} of its {followers:,} followers in the data move as one: most belong to "
        f"{buyers:,} accounts that follow the same {together:,} accounts far beyond chance (group {group}). "
        "Followers can be sent by others, so this alone says nothing about who ordered them."
    )


def lockstep_block(
    size: tuple[int, int],
    follows: int,
    expected: float,
    when: tuple[datetime | None, datetime | None],
    in_bursts: tuple[float, float] | None = None,
) -> str:
    """A group of accounts that follow the same others: how many, how much beyond chance, when.

    Args:
        size: How many follow, how many are followed.
        follows: Follows between them.
        expected: As many as accounts that follow and are followed as much would have.
        when: First and last follow whose time is known.
        in_bursts: Share of the follows that came in bursts, and the same of what else these accounts follow;
            None where that is not unusual or not known.
    """
    usual = "fewer than one" if expected < 1 else f"about {number(round(expected))}"
    first, last = when
    told = (
        f"{size[0]:,} accounts follow the same {size[1]:,} accounts: {follows:,} follows where {usual} "
        "would be usual for accounts that follow and are followed as much"
    )
    if first is not None and last is not None:
        is_one_day = first.date() == last.date()
        told += f", on {first:%Y-%m-%d}" if is_one_day else f", between {first:%Y-%m-%d} and {last:%Y-%m-%d}"
    if in_bursts is not None:
        told += (
            f". {percent(in_bursts[0])} of them came in bursts, many to one account within a day, and "
            f"{percent(in_bursts[1])} of what else these accounts follow"
        )
    return told + "."


def shill_neighbourhood(value: float, threshold: float, labels: int, followed: tuple[int, float]) -> str:
    """How often it leads to labelled accounts; `followed` is how many it follows, and how many by chance."""
    met = (
        f"Follows {followed[0]:,} of {labels:,} accounts that reviewers marked as not genuine "
        f"(by chance {number(round(followed[1], 1))})"
    )
    if value > threshold:
        return (
            f"{met}; those reached over others included, that is {times(value)} times as often as usual "
            f"(unusual above {times(threshold)}). Whoever watches a field follows its doubtful accounts too, "
            "and a mark may be wrong."
        )
    return f"{met}; those reached over others included, that is nothing unusual."


def engagement_pods(score: float, threshold: float, partners: int) -> str:
    """How much mutual engagement exceeds what activity and friendship explain."""
    if score > threshold:
        return (
            f"Exchanges likes and answers with {counted(partners, 'account')} far more evenly than chance "
            f"would (score {score:.2f}, unusual above {threshold:.2f}); friends can look like it too."
        )
    return (
        f"No unusual exchange of likes and answers within a fixed circle (score {score:.2f}, unusual above "
        f"{threshold:.2f})."
    )


def pod_group(
    pair: tuple[int, float, float],
    timing: tuple[float | None, float | None, float | None],
    befriended: float,
    topic: float | None,
) -> str:
    """A group that engages with each other's posts.

    Args:
        pair: Members, and what a typical pair does: share of each other's posts, and the share expected.
        timing: Share within an hour of the post, the same in the network, median seconds; None unknown.
        befriended: Share of the pairs that follow each other.
        topic: How far they share a topic, 0 as strangers, 1 as friends; None unknown.
    """
    members, rate, expected = pair
    first_hour, usual, delay = timing
    when = ""
    if first_hour is not None and usual is not None and delay is not None:
        when = (
            f", typically {span(delay / 3_600)} after it was posted and {percent(first_hour)} of it within "
            f"the first hour (everybody: {percent(usual)})"
        )
    return (
        f"{members:,} accounts like and answer each other's posts: a typical pair {percent(rate)} of them, "
        f"where {percent(expected)} would be expected of their activity and ties{when}. "
        f"{percent(befriended)} of the pairs follow each other, and {_topic(topic)}: friendship and a shared "
        "topic were looked at and do not explain it, a team or a band can."
    )


def _topic(topic: float | None) -> str:
    if topic is None:
        return "how alike they are is not known"
    if topic < SOME_TOPIC:
        return "whom else they follow is hardly more alike than among accounts drawn at random"
    if topic < ONE_TOPIC:
        return "whom else they follow is more alike than by chance and less than among friends"
    return "whom else they follow is as alike as among friends"


def coordinated_sharing(
    score: float, threshold: float, counts: tuple[int, int, int], group: str | None
) -> str:
    """Sharing the same things at the same time; `counts` is (objects shared, partners, repeats with one)."""
    objects, partners, repeats = counts
    if partners == 0:
        return (
            f"Shared {counted(objects, 'post, link or tag', 'posts, links and tags')}, none of it again and "
            "again at the same time as another account beyond how fast both share."
        )
    named = f" (group {group})" if group else ""
    others = (
        "no other account does"
        if partners == 1
        else f"{counted(partners - 1, 'other account does', 'other accounts do')} so too"
    )
    return (
        f"Shared {repeats:,} of its {objects:,} posts, links and tags at the same time as one other account, "
        f"far more than how fast both share explains; {others}{named}. Hot posts, fans of one account and "
        "feeds of one source were looked at and do not explain it; a shared tool or one person with several "
        f"accounts can (score {score:.1f}, unusual above {threshold:.1f})."
    )


def sharing_group(members: int, objects: int, window_s: int, per_pair: tuple[float, float]) -> str:
    """A group that shares in step; `per_pair` is what a pair shared together and what its speed explains."""
    repeats, expected = per_pair
    return (
        f"{members:,} accounts shared {counted(objects, 'post, link or tag', 'posts, links and tags')} "
        f"within {_within(window_s)} of each other, a typical pair {repeats:,.0f} of them where "
        f"{_about(expected)} would be usual for accounts as fast; hot posts, fans of one account and feeds "
        "of one source were looked at and do not explain it, a shared tool, a fan club or one person with "
        "several accounts can."
    )


def _within(seconds: int) -> str:
    return f"{seconds} seconds" if seconds < 60 else span(seconds / 3_600)


def _about(expected: float) -> str:
    return "fewer than one" if expected < 1 else f"about {number(round(expected))}"


def undisclosed_promotion(
    posts: int, disclosed: int, hints: int, expected_more: float, compared: str = ""
) -> str:
    """Disclosed paid posts, those that hint at it, and how many more look paid."""
    says = "says that it is" if disclosed == 1 else "say that they are"
    said = f"{disclosed:,} of {posts:,} posts {says} paid"
    if hints:
        said += (
            f", {hints:,} {'hints' if hints == 1 else 'hint'} at it in a form that local rules may not accept"
        )
    if expected_more < HARDLY_ANY:
        return f"{said}, and no other looks paid."
    if expected_more < 1:
        return f"{said}; a few others lean that way, together less than one post's worth."
    more = "one more looks" if round(expected_more) == 1 else f"{round(expected_more):,} more look"
    return f"{said}, about {more} paid{compared}; enthusiasm can read like promotion."


def brand_hopping(brands: int, compared: str = "") -> str:
    """Distinct brands promoted without saying so in the last 90 days."""
    if brands == 0:
        return f"No brand was pushed without a disclosure in the last 90 days{compared}."
    return (
        f"Promoted {counted(brands, 'brand', 'different brands')} without a disclosure in the last 90 days"
        f"{compared}."
    )


def resembles(
    mark: tuple[str, str],
    other: str,
    created: tuple[datetime | None, datetime | None],
    followers: tuple[int, int],
) -> str:
    """Whom an account resembles; `mark` is (kind, how), the pairs are (its own, the other's)."""
    kind, how = mark
    alike = _ALIKE[how].format(other=other)
    if kind == SAME_OWNER:
        known = "" if how == MUTUAL_NAMESAKES else f"; {other} follows it or names it"
        return f"{alike}{known}: probably one owner."
    if kind == SAYS_SO:
        return f"{alike}, and it says that it is a fan account, a parody or unofficial."
    since = f" (made {created[1]:%Y-%m-%d}, this one {created[0]:%Y-%m-%d})" if all(created) else ""
    return (
        f"{alike}. That one is older{since} and has more followers ({followers[1]:,} to {followers[0]:,}). "
        "Namesakes, second accounts and fan pages that do not say so look alike too."
    )


def resembled(n: int, names: Sequence[str]) -> str:
    """Who resembles an account."""
    which = listed(names) if n <= len(names) else f"{', '.join(names)} and more"
    verb = "resembles" if n == 1 else "resemble"
    return (
        f"{counted(n, 'younger account')} with far fewer followers {verb} this one by name: {which}. "
        "That says nothing against it."
    )


def review(label: str, decision: tuple[str, str, str], delivered: str | None = None) -> str:
    """A person's decision; `decision` is (who, day, because), `delivered` a delivered label that differs."""
    who, day, because = (plain(part, longest) for part, longest in zip(decision, (80, 10, 500), strict=True))
    contrary = f" The label delivered with the data differs: {delivered}." if delivered else ""
    return (
        f"Reviewed as {label} by {who} on {day}, because “{because}”. This is a person's decision; what was "
        f"measured stands beside it unchanged.{contrary}"
    )


def delivered_label(label: str, source: str | None) -> str:
    """A label that came with the data."""
    who = f" by {plain(source, 80)}" if source and plain(source, 80) else ""
    return (
        f"Labelled as {label}{who} in the data that were delivered. This is a person's decision; what was "
        "measured stands beside it unchanged."
    )


def contradicting_labels(labels: int) -> str:
    """Delivered labels that contradict each other, with nobody's decision above them."""
    return f"The {labels:,} labels delivered with the data contradict each other, so that none counts."


def copied_text(posts: int, copies: int, others: int, text: str, compared: str = "") -> str:
    """Posts that are promotion in words that others posted too, or pasted again; `text` is `quoted`."""
    if copies == 0:
        return f"Promotes nothing again and again in the words of others, in {counted(posts, 'post')}."
    said = f"{copies:,} of {posts:,} posts are promotion in "
    if others == 0:
        said += f"words that it gave as an answer again and again ({text}){compared}"
        return f"{said}; pasted answers can be plain convenience."
    said += f"the same words as {counted(others, 'other account')} within 30 days ({text}){compared}"
    return f"{said}; a template that a shop or a campaign hands out can look like it."


def copied_group(authors: int, texts: int, text: str) -> str:
    """What joins a group that posts the same promotion."""
    return (
        f"{counted(authors, 'account')} posted {counted(texts, 'promotional text')} in the same words within "
        f"30 days without saying that they are paid, such as {quoted(text)}."
    )


def quoted(text: str) -> str:
    """The beginning of what somebody wrote, safe to show; what a stranger wrote has no line breaks here."""
    shown = plain(text, LONGEST_QUOTE) or "a text without letters"
    return f"“{shown}”"


def brand_variety(
    posts: int, evenness: float, typical: float | None, compared: int, category: str | None
) -> str:
    """How evenly posts are spread over brands, beside those who speak of the same category."""
    said = (
        f"Spreads {counted(posts, 'post')} of the last 90 days over brands, evenness {evenness:.2f} "
        "(0 is one brand alone, 1 all alike)"
    )
    if not compared or typical is None:
        return f"{said}; too few others speak of the same category to say what is usual."
    name = plain(category or "", LONGEST_QUOTE) or "one category"
    return (
        f"{said}; {typical:.2f} is typical of the {compared:,} accounts that speak mostly of {name}. In some "
        "categories the best know every brand, in others one."
    )


def brand_loyalty(
    brands: int,
    days: float,
    paid: tuple[int, float | None, float | None],
    compared: str = "",
) -> str:
    """How long an account speaks of a brand, and what it says unpaid before and after being paid.

    `paid` is (brands with a paid post, share of them named unpaid before, unpaid posts that came later).
    """
    verb = "lies" if round(days) == 1 else "lie"
    lie = f"{counted(round(days), 'day')} {verb} between the first post and the last"
    said = f"Names {counted(brands, 'brand')}; {'for the middle one ' if brands > 1 else ''}{lie}{compared}"
    paid_brands, first_share, returns = paid
    if not paid_brands:
        return f"{said}. No post about them says or looks like it is paid for."
    first, later = round((first_share or 0) * paid_brands), round(returns or 0)
    if paid_brands == 1:
        before = "it was named unpaid before" if first else "it was not named unpaid before"
    else:
        before = f"{first:,} of them {'was' if first == 1 else 'were'} named unpaid before"
        before = before if first else "none of them was named unpaid before"
    came = f"{counted(later, 'unpaid post')} came" if later else "no unpaid post came"
    had = f"{counted(paid_brands, 'brand')} had a post that is or looks paid"
    return f"{said}. {had}: {before}, and {came} later."


def rival_gap(days: int) -> str:
    """Fewest days between promotions of two rivals that do not say that they are paid."""
    apart = "on the same day" if days == 0 else f"{counted(days, 'day')} apart"
    return (
        f"Two rival brands were promoted {apart} without a disclosure; whoever compares products does the "
        "same."
    )


def paid_performance(ratio: float, compared: str = "") -> str:
    """Engagement on posts that are or look paid beside that on others."""
    return (
        f"Posts that are or look paid get {times(ratio)} times the likes, answers and reposts of the other "
        f"posts (medians){compared}. About 0.2 is what accounts get that live from selling."
    )
