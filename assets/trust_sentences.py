"""The plain sentences of the lines of evidence on trust: who listens, who passes it on, who answers.

Wording only; see `assets.sentences` for what all sentences share. `compared` is always the ready end of a
sentence that `assets.sentences.compared` made.
"""

from collections.abc import Sequence

from assets.sentences import FOLLOWS, account_name, counted, is_known, listed, percent, span, times

NETWORK = "network"
_LONGEST_BASELINE = 80

Bounded = tuple[float, float, float]
"""A value with its lower and upper bound."""


def baseline_words(baseline: str) -> str:
    """The people that an audience is compared with: `network`, `audience:NAME` or `category:NAME`."""
    kind, _, name = baseline.partition(":")
    called = account_name(None, name[:_LONGEST_BASELINE], None)
    if kind == "audience" and name:
        return f"in the audience “{called}”"
    if kind == "category" and name:
        return f"among all who follow the category “{called}”"
    return "among comparable people outside the audience"


def affinity(
    name: str,
    basis: str,
    heard: tuple[int, int],
    share: Bounded,
    lift: Bounded,
    baseline: str,
    compared: str = "",
) -> str:
    """Reach and lift with their bounds.

    Args:
        name: What to call the account.
        basis: `follows` or `interactions`.
        heard: Members who pay attention, and members in all.
        share: The first as a share of the second, with its bounds.
        lift: That share as a multiple of the baseline's, with its bounds; NaN without a baseline.
        baseline: Words from `baseline_words`.
        compared: End of the sentence.
    """
    verb = "follow" if basis == FOLLOWS else "repost, quote, mention or answer"
    reach = (
        f"{heard[0]:,} of the {heard[1]:,} known members {verb} {name} "
        f"({percent(share[0])}, between {percent(share[1])} and {percent(share[2])})"
    )
    if not is_known(lift[0]):
        return f"{reach}; there is nobody outside the audience to compare that with."
    if lift[1] > 1:
        return (
            f"{reach}, {times(lift[0])} times as many as {baseline} (at least {times(lift[1])} times)"
            f"{compared}."
        )
    if lift[2] < 1:
        return f"{reach}, fewer than {baseline} ({times(lift[0])} times as many){compared}."
    return f"{reach}, which does not stand out from the share {baseline} ({times(lift[0])} times){compared}."


def cleaned_reach(raw: float, cleaned: float, *, holds: bool, compared: str = "") -> str:
    """How the reach changes when members count by their weight: the list's own times cleaning."""
    both = f"{percent(raw)} raw, {percent(cleaned)} cleaned{compared}"
    if holds:
        return f"Its reach holds when each member counts by its weight: {both}."
    return f"Part of its reach comes from members who count for less, by the list or by cleaning: {both}."


def endorsement(
    name: str, basis: str, share_of_strongest: float, voices: Sequence[str], compared: str = ""
) -> str:
    """How much of the audience's attention flows to the account, and which strong voices pass it on."""
    if share_of_strongest == 0:
        return (
            f"The people this audience listens to pass no more attention on to {name} than its fame alone "
            f"would bring{compared}."
        )
    verb = "follows" if basis == FOLLOWS else "speaks to"
    verbs = "follow" if basis == FOLLOWS else "speak to"
    by = f"; {listed(voices)} {verb if len(voices) == 1 else verbs} it" if voices else ""
    if share_of_strongest == 1:
        return (
            f"Nobody gets more of the attention that the people this audience listens to pass on than "
            f"{name}{compared}{by}."
        )
    return (
        f"Attention passed on by the people this audience listens to reaches {name} with "
        f"{percent(share_of_strongest)} of the strength of the strongest voice{compared}{by}."
    )


def word_of_mouth(
    name: str,
    voices: int,
    weeks: int,
    groups: float,
    prompted: float,
    compared: str = "",
    *,
    occasions: float = float("nan"),
) -> str:
    """Distinct members who speak of the account unasked; what is NaN of the figures is not known."""
    asked = (
        f" {counted(int(prompted), 'member')} spoke of it only after a call to share and "
        f"{'is' if prompted == 1 else 'are'} not counted."
        if prompted > 0
        else ""
    )
    if voices == 0:
        return f"No member was seen mentioning, quoting or reposting {name} unasked{compared}.{asked}"
    over = f" in {counted(weeks, 'week', 'different weeks')}" if weeks else ""
    spread = f", from {counted(int(groups), 'group')} of the audience" if groups >= 1 else ""
    unasked = " unasked" if is_known(prompted) else ""
    return (
        f"{counted(voices, 'member')} mentioned, quoted or reposted {name}{unasked}{over}{spread}{compared}."
        f"{_going_round(voices, occasions)}{asked}"
    )


def _going_round(voices: int, occasions: float) -> str:
    """Says so where most of the talk is few posts that many passed on; NaN occasions are not known."""
    if not (is_known(occasions) and voices >= 5 and occasions <= voices / 3):
        return ""
    posts = max(round(occasions), 1)
    few = "one post" if posts == 1 else f"about {posts} posts"
    return f" Much of it is {few} going round, so it counts less."


def conversation(name: str, directed: float, *, on_posts: bool, compared: str = "") -> str:
    """Share of an account's output that is directed at somebody."""
    output = f"what {name} posts" if on_posts else f"what {name} was seen doing"
    return f"{percent(directed)} of {output} is directed at a person or a small group{compared}."


def answers(
    name: str, received: float, rate: Bounded, delay_hours: float, distinct: float, compared: str = ""
) -> str:
    """How many of the audience's replies an account answers, how fast, and whether for the person."""
    wrote = f"Members wrote {counted(int(received), 'time')}" if is_known(received) else "Members wrote"
    if rate[0] == 0:
        return f"{wrote} to {name} and were not seen getting an answer{compared}."
    bounds = f" (between {percent(rate[1])} and {percent(rate[2])})" if is_known(rate[1]) else ""
    fast = f", typically within {span(delay_hours)}" if is_known(delay_hours) else ""
    own = f" {percent(distinct)} of the answers differ from each other." if is_known(distinct) else ""
    return f"{wrote} to {name}, and {percent(rate[0])} of that was answered{bounds}{fast}{compared}.{own}"


def returning_dyads(name: str, returning: int, dyads: float, shared: float, compared: str = "") -> str:
    """Members in exchange with an account who came back to it in another week."""
    if dyads == 0:
        return f"No member was seen in an exchange with {name}{compared}."
    home = f" {percent(shared)} of those members share a group with it." if is_known(shared) else ""
    of_all = "the members" if not is_known(dyads) else f"the {counted(int(dyads), 'member')}"
    if returning == 0:
        return (
            f"Nobody of {of_all} whom {name} answered was seen coming back in another week{compared}.{home}"
        )
    return f"{returning:,} of {of_all} whom {name} answered came back in another week{compared}.{home}"


def automation(name: str, share: float, *, is_unusual: bool, compared: str = "") -> str:
    """Share of posts at clockwork intervals or in the same words, with the harmless reason first."""
    like_a_clock = "comes at clockwork intervals or in the same words day after day"
    if is_unusual:
        return (
            f"Scheduled posts, news feeds and event calendars can explain it: {percent(share)} of what "
            f"{name} posts {like_a_clock}{compared}."
        )
    return f"Times and words of posting vary as people's do: {percent(share)} {like_a_clock}{compared}."


def communities(name: str, covered: int, groups: int, *, is_bridge: bool, compared: str = "") -> str:
    """How many groups of the audience listen to an account, and whether it joins them."""
    bridge = " It joins groups that have few other voices in common." if is_bridge else ""
    if covered == 0:
        return f"No group of this audience as a whole listens to {name}{compared}."
    of_all = f" of the {groups:,}" if groups >= covered else ""
    word = "group" if covered == 1 and not of_all else "groups"
    return f"Heard in {covered:,}{of_all} {word} of this audience: {name}{compared}.{bridge}"


def momentum(name: str, direction: str, change: float, runs: int) -> str:
    """The trend of trust over runs, against what chance explains; `change` is per 30 days."""
    over = f"over {counted(runs, 'run')}"
    by = f", by {abs(change):.2f} of 1 in 30 days" if is_known(change) else ""
    if direction == "rising":
        return f"Trust in {name} has been rising {over}{by}, more than chance explains."
    if direction == "falling":
        return f"Trust in {name} has been falling {over}{by}, more than chance explains; it can recover."
    return f"Trust in {name} has stayed where it was {over}, within what chance explains."


def tone(name: str, value: Bounded, messages: float, coverage: float) -> str:
    """How warm the exchange reads, as coarse as it is."""
    how = "friendly" if value[1] > 0 else "cold" if value[2] < 0 else "neither friendly nor cold"
    bounds = f", between {value[1]:+.2f} and {value[2]:+.2f}" if is_known(value[1]) else ""
    of_how_many = f" of {counted(int(messages), 'message')}" if is_known(messages) else ""
    read = f"; {percent(coverage)}{of_how_many} could be read" if is_known(coverage) else ""
    return (
        f"The exchange with {name} reads {how} ({value[0]:+.2f} between -1 and 1{bounds}{read}). This is a "
        "coarse reading of emoji and a few words, and decides nothing."
    )
