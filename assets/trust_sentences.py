"""The plain sentences of the lines of evidence on trust: who listens, who passes it on, who answers.

Wording only; see `assets.sentences` for what all sentences share. `compared` is always the ready end of a
sentence that `assets.sentences.compared` made.
"""

from collections.abc import Sequence

from assets.sentences import FOLLOWS, account_name, counted, is_known, listed, percent, signed, span, times

NETWORK = "network"
CLOCKWORK_FROM = 0.5  # where half of the posts come at clockwork intervals, a plan posts rather than a mood
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
    heard: tuple[float, float, bool],
    share: tuple[float, float, float, float],
    lift: Bounded,
    baseline: str,
    compared: str = "",
    *,
    is_unseen: bool = False,
) -> str:
    """Reach and lift with their bounds.

    Args:
        name: What to call the account.
        basis: `follows` or `interactions`.
        heard: Members who pay attention, members who could, and whether the account is itself a member, who
            is not counted among them.
        share: The first as a share of the second, with its bounds; last the share with each member counted
            by its weight.
        lift: The last as a multiple of the baseline's, with its bounds; NaN without a baseline.
        baseline: Words from `baseline_words`.
        compared: End of the sentence.
        is_unseen: Nobody of the baseline pays attention; the ratio was not observed, its lower bound is said.
    """
    verb = "follow" if basis == FOLLOWS else "repost, quote, mention or answer"
    reach = (
        f"{heard[0]:,.0f} of the {heard[1]:,.0f} {'other ' if heard[2] else ''}known members {verb} {name} "
        f"({percent(share[0])}, between {percent(share[1])} and {percent(share[2])})"
    )
    if is_unseen:
        # a bound that rounds to nothing says nothing
        least = f": at least {times(lift[1])} times as many" if lift[1] >= 0.05 else ""
        doubt = "" if lift[1] > 1 else ", which may be chance"
        return f"{reach}, and nobody {baseline} does{least}{doubt}."
    if not is_known(lift[0]):
        return f"{reach}; there is nobody outside the audience to compare that with."
    # the multiple is of the weighed share; beside the other one alone it would not come out
    if percent(share[3]) != percent(share[0]):
        reach += f"; counted by their weight, {percent(share[3])}"
    if lift[1] > 1:
        return f"{reach}, {times(lift[0])} times the share {baseline} (at least {times(lift[1])}){compared}."
    if lift[2] < 1:
        return f"{reach}, less than the share {baseline} ({times(lift[0])} times){compared}."
    return f"{reach}, which does not stand out from the share {baseline} ({times(lift[0])} times){compared}."


def cleaned_reach(raw: float, cleaned: float, holding: float, *, is_loss: bool, compared: str = "") -> str:
    """How the reach changes when members count by their weight: the list's own times cleaning.

    Args:
        raw: Share of the members, each counted alike.
        cleaned: Share of their weight.
        holding: The second ÷ the first.
        is_loss: Whether surely less is left than typical.
        compared: End of the sentence.
    """
    both = f"{percent(raw)} raw, {percent(cleaned)} cleaned, a ratio of {percent(holding)}{compared}"
    if is_loss:
        return (
            "More of its reach than of others' comes from members who count for less, by the list or by "
            f"cleaning: {both}."
        )
    return f"Its reach with each member counted by its weight, the list's own times cleaning: {both}."


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


def sharing(name: str, basis: str, rate: float, listeners: int, voices: int, compared: str = "") -> str:
    """How many of those who listen to an account speak of it.

    Args:
        name: What to call the account.
        basis: `follows` or `interactions`.
        rate: Speakers ÷ listeners by weight, drawn towards what is usual.
        listeners: Members who pay attention or were seen speaking of it, each once.
        voices: Members who were seen speaking of it, whether they follow or not.
        compared: End of the sentence.
    """
    one, many = ("follows", "follow") if basis == FOLLOWS else ("engages with", "engage with")
    verb, seen = (one, "was") if listeners == 1 else (many, "were")
    who = f"{counted(listeners, 'member')} who {verb} {name}"
    if voices == 0:  # a comparison would be one of what is usual with itself
        return (
            f"None of the {who} was seen speaking of it unasked; going by what is usual, about "
            f"{percent(rate)} would."
        )
    return (
        f"Of the {who} or {seen} seen speaking of it unasked, {voices:,} spoke of it; with what is usual, "
        f"a rate of {percent(rate)}{compared}."
    )


def _going_round(voices: int, occasions: float) -> str:
    """Says so where most of the talk is few posts that many passed on; NaN occasions are not known."""
    if not (is_known(occasions) and voices >= 5 and occasions <= voices / 3):
        return ""
    posts = max(round(occasions), 1)
    few = "one post" if posts == 1 else f"about {posts} posts"
    return f" Much of it is {few} going round, so it counts less."


def conversation(name: str, directed: float, output: float, *, on_posts: bool, compared: str = "") -> str:
    """Share of an account's output, so many posts or acts (NaN is unknown), that is directed at somebody."""
    things = ("post", "posts") if on_posts else ("act", "acts")
    of_all = f" ({counted(int(output), *things)})" if is_known(output) else ""
    whole = f"what {name} posts" if on_posts else f"what {name} was seen doing"
    return f"{percent(directed)} of {whole}{of_all} is directed at a person or a small group{compared}."


def answers(
    name: str,
    received: tuple[float, float],
    rate: Bounded,
    delay_hours: float,
    distinct: float,
    compared: str = "",
) -> str:
    """How much of what the audience writes to an account it answers, how fast, and whether for the person.

    Args:
        name: What to call the account.
        received: Messages that members wrote to it, and how many members wrote them; NaN is unknown.
        rate: Share of the messages that were answered, with its bounds.
        delay_hours: How long an answer takes; NaN is unknown.
        distinct: Different wordings ÷ answers of it with a text, to anybody; NaN is unknown.
        compared: End of the sentence.
    """
    messages, members = received
    who = f"{counted(int(members), 'member')}" if is_known(members) else "Members"
    wrote = f"{who} wrote {counted(int(messages), 'message')}" if is_known(messages) else f"{who} wrote"
    if rate[0] == 0:
        return f"{wrote} to {name}, and no answer was seen{compared}."
    bounds = f" (between {percent(rate[1])} and {percent(rate[2])})" if is_known(rate[1]) else ""
    fast = f", typically within {span(delay_hours)}" if is_known(delay_hours) else ""
    own = (
        f" Of its answers to anybody, {percent(distinct)} have words of their own."
        if is_known(distinct)
        else ""
    )
    answered = f"{percent(rate[0])} of the messages were answered"
    return f"{wrote} to {name}, and {answered}{bounds}{fast}{compared}.{own}"


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
    """Share of posts at clockwork intervals or in the same words, with the harmless reason first.

    Args:
        name: What to call the account.
        share: That share.
        is_unusual: It is half or more, and more than is typical.
        compared: End of the sentence.
    """
    like_a_clock = "comes at clockwork intervals or in the same words day after day"
    if is_unusual:
        return (
            f"Scheduled posts, news feeds and event calendars can explain it: {percent(share)} of what "
            f"{name} posts {like_a_clock}{compared}."
        )
    if share >= CLOCKWORK_FROM:
        return (
            f"{percent(share)} of what {name} posts {like_a_clock}, no more than others like it do{compared}."
        )
    return f"Times and words of posting vary as people's do: {percent(share)} {like_a_clock}{compared}."


def communities(name: str, covered: int, groups: int, *, is_bridge: bool, compared: str = "") -> str:
    """How many groups of the audience listen to an account, and whether it joins them."""
    bridge = " It joins groups that have few other voices in common." if is_bridge else ""
    if covered == 0:
        return f"No group of this audience as a whole listens to {name}{compared}."
    of_all = f" of the {groups:,}" if groups >= covered else ""
    word = "group" if covered == 1 and not of_all else "groups"
    verb = "listens" if covered == 1 else "listen"
    return f"{covered:,}{of_all} {word} of this audience {verb} to {name}{compared}.{bridge}"


def momentum(name: str, direction: str, change: Bounded, runs: int) -> str:
    """The trend of trust over runs, against what chance explains; `change` is per 30 days, NaN is unknown."""
    over = f"over {counted(runs, 'run')}"
    bounds = f" (between {signed(change[1], 2)} and {signed(change[2], 2)})" if is_known(change[1]) else ""
    by = f"{signed(change[0], 2)} per 30 days against the others{bounds}"
    if direction == "steady":
        if not is_known(change[0]):
            return f"Trust in {name} has not moved {over} beyond what chance explains."
        return f"Trust in {name} moved {by} {over}, which is not beyond chance."
    moved = f": {by}" if is_known(change[0]) else ""
    recovers = "; it can recover" if direction == "falling" else ""
    return f"Trust in {name} has been {direction} {over}, more than chance explains{moved}{recovers}."


def tone(name: str, value: Bounded, messages: float, coverage: float) -> str:
    """How warm the exchange reads, as coarse as it is.

    Args:
        name: What to call the account.
        value: Tone with its bounds, −1 to 1.
        messages: How many messages hold a sign of tone, on which it rests.
        coverage: Their share of all messages.
    """
    how = "friendly" if value[1] > 0 else "cold" if value[2] < 0 else "neither friendly nor cold"
    bounds = f", between {signed(value[1], 1)} and {signed(value[2], 1)}" if is_known(value[1]) else ""
    read = ""
    if is_known(messages) and coverage > 0:
        everything = counted(round(messages / coverage), "message")
        read = f"; {int(messages):,} of {everything} ({percent(coverage)}) could be read"
    return (
        f"The exchange with {name} reads {how} ({signed(value[0], 1)} of \u22121 to 1{bounds}{read}). "
        "This is a coarse reading of emoji and a few words, and decides nothing."
    )
