"""Conversation: does an account talk with this audience, or only at it?

Counts of what an account sends out, of what members say to it and what it answers, and of the pairs that come
back; and how they join into one figure. Posting like a clock is found by `graph.trust.clockwork`, which texts
are the same by `graph.text.near_duplicates`, how an exchange sounds by `graph.text.tone`; who is brought up
to others is counted in `graph.trust.word_of_mouth`.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from graph.statistics.intervals import normal_quantile, wilson_interval
from graph.trust.clockwork import regular_share, repeated_share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from graph.arrays.sparse_rows import BoolArray, FloatArray, IntegerArray

MIN_RECEIVED = 5
"""Messages from members from which one can say how an account treats those who speak to it."""
MIN_SPEAKERS = 3
"""Members they must come from at least: two friends are no audience."""
MIN_OUTPUT = 20
"""Own posts and messages from which one can say how an account speaks, whoever speaks to it."""
MIN_WEEKS = 2
"""Different weeks in which a member must come back for its exchange to be a returning one."""
WEEK = 7 * 86_400
FIRST_MONDAY = 4 * 86_400
"""Monday, 5 January 1970, in seconds; weeks count from there."""

PART_WEIGHTS: Mapping[str, float] = MappingProxyType({"answers": 0.50, "directed": 0.25, "returning": 0.25})
"""How the parts join into `conversation`; a part that the data cannot show drops out for everybody."""


@dataclass(frozen=True)
class Output:
    """What accounts sent out, one row per post or message of their own; no reposts.

    Attributes:
        account: int64[rows], 0..n-1.
        at: float64[rows], seconds since 1970; NaN where unknown.
        is_directed: bool[rows], sent to one person or a small group.
        words: uint64[rows], equal for equal words; 0 where there are no words to compare.
        is_complete: whether broadcast posts are among the rows; without them nobody's share is known.
    """

    account: IntegerArray
    at: FloatArray
    is_directed: BoolArray
    words: NDArray[np.uint64]
    is_complete: bool


@dataclass(frozen=True)
class Messages:
    """What members said to accounts, one row per message and account it was sent to.

    Attributes:
        account: int64[rows], 0..n-1, who was spoken to.
        member: int64[rows], who spoke.
        at: float64[rows], seconds since 1970; NaN where unknown.
        is_answered: bool[rows].
        answered_at: float64[rows], seconds of the first answer; NaN where there is none or no time.
        shares_community: float64[rows], 1 where the two belong to one community, 0 where not, NaN unknown.
    """

    account: IntegerArray
    member: IntegerArray
    at: FloatArray
    is_answered: BoolArray
    answered_at: FloatArray
    shares_community: FloatArray


@dataclass(frozen=True)
class Answers:
    """What accounts wrote to those who had spoken to them, one row per answer.

    Attributes:
        account: int64[rows], 0..n-1.
        wording: int64[rows], the group of near-identical texts of that account; -1 where there is no text.
    """

    account: IntegerArray
    wording: NDArray[np.int64]


@dataclass(frozen=True)
class Conversation:
    """Figures per account; arrays of n. Unknown is NaN.

    Attributes:
        conversation: float64, 0 (broadcast) to 1 (conversation), see `converse`; NaN on too little.
        conversation_low: float64, lower end of its 95 % interval.
        conversation_high: float64, upper end.
        output_posts: int64, rows of its output.
        directed_share: float64, of its output with copied messages counted once, the share that is directed.
        replies_received: int64, messages from members.
        replies_answered: int64, those of them that it answered.
        answer_rate: float64, answered ÷ received.
        answer_rate_low: float64, Wilson.
        answer_rate_high: float64, Wilson.
        answer_delay_hours: float64, median over the answered messages whose times are known.
        answers: int64, answers with a text, to anybody.
        distinct_answer_share: float64, different wordings ÷ answers.
        dyads: int64, members who spoke to it and were answered.
        returning_dyads: int64, those of them who spoke to it in at least two different weeks.
        shared_community_share: float64, of the dyads of which it is known, those inside one community.
        clockwork_share: float64, share of the output that looks like a machine's; NaN on too few moments.
        speakers: int64, members who sent the messages received.
        is_measured: bool, whether there is enough to state `conversation`.
    """

    conversation: FloatArray
    conversation_low: FloatArray
    conversation_high: FloatArray
    output_posts: NDArray[np.int64]
    directed_share: FloatArray
    replies_received: NDArray[np.int64]
    replies_answered: NDArray[np.int64]
    answer_rate: FloatArray
    answer_rate_low: FloatArray
    answer_rate_high: FloatArray
    answer_delay_hours: FloatArray
    answers: NDArray[np.int64]
    distinct_answer_share: FloatArray
    dyads: NDArray[np.int64]
    returning_dyads: NDArray[np.int64]
    shared_community_share: FloatArray
    clockwork_share: FloatArray
    speakers: NDArray[np.int64]
    is_measured: BoolArray


def converse(n_accounts: int, output: Output, messages: Messages, answers: Answers) -> Conversation:
    """Measure the conversation of each account with an audience.

    ``conversation = (0.50 · answers + 0.25 · directed + 0.25 · returning) · (1 − clockwork_share)`` with

    - answers: share of a member's messages that are answered, as a mean over the members who speak to it
      (each is one voice, so that much talk with one friend is not much talk), × share of different wordings
      among the answers,
    - directed: share of the output that is sent to somebody, copies of a message counted once,
    - returning: of the members who speak to the account, the share answered and back in another week.

    A part that the data cannot show at all (no broadcast posts, no texts, less than two weeks) drops out and
    the others share its weight, for everybody alike. Inside a part each share is shrunk to the mean of all
    accounts with z² ≈ 3.84 pseudo-observations, as many as Wilson's interval adds at one half, so that an
    account of which little is seen counts as a typical one: it gains nothing by silence. The shrunk share
    always lies inside the Wilson interval of the raw one. The bounds of the sum come from the Wilson bounds
    of the shares by MOVER (recovering variances from the bounds), those of the product likewise.
    `clockwork_share` is taken as it is, and as 0 where there are too few moments to tell.

    Args:
        n_accounts: number of accounts, n.
        output: what they sent out.
        messages: what members said to them, and whether they answered.
        answers: what they answered to anybody.

    Returns:
        Figures per account; `conversation` is NaN unless `MIN_RECEIVED` messages of `MIN_SPEAKERS` members or
        `MIN_OUTPUT` own ones are seen.

    References:
        Wilson (1927), JASA 22; Zou, Donner (2008), "Construction of confidence limits about effect measures",
        Statistics in Medicine 27 (MOVER).
    """
    received = _count(messages.account, n_accounts)
    answered = _count(messages.account[messages.is_answered], n_accounts)
    rate_low, rate_high = wilson_interval(answered, received)
    speakers, heard, dyads, returning, shared = _pairs(n_accounts, messages)
    written = _count(answers.account[answers.wording >= 0], n_accounts)
    wordings = _distinct(answers.account, answers.wording, answers.wording >= 0, n_accounts)
    sent = _count(output.account, n_accounts)
    directed, undirected = _directed(n_accounts, output)
    clockwork = np.fmax(
        regular_share(n_accounts, output.account, output.at), repeated_share(n_accounts, output)
    )

    parts = {"answers": _share(heard, speakers)}
    if written.any():
        parts["answers"] = _product(parts["answers"], _share(wordings, written))
    if output.is_complete:
        parts["directed"] = _share(directed, directed + undirected)
    if covers_weeks(messages.at):
        parts["returning"] = _share(returning, speakers)
    else:
        returning = np.zeros(n_accounts, dtype=np.int64)
    value, low, high = _weighted(parts, n_accounts)
    human = 1.0 - np.nan_to_num(clockwork)
    spoken_to = (received >= MIN_RECEIVED) & (speakers >= MIN_SPEAKERS)
    enough = spoken_to | ((sent >= MIN_OUTPUT) & output.is_complete & (received.sum() > 0))
    known = np.where(enough, 1.0, np.nan)
    return Conversation(
        conversation=value * human * known,
        conversation_low=low * human * known,
        conversation_high=high * human * known,
        output_posts=sent,
        directed_share=_ratio(directed, directed + undirected)
        if output.is_complete
        else _unknown(n_accounts),
        replies_received=received,
        replies_answered=answered,
        answer_rate=_ratio(answered, received),
        answer_rate_low=rate_low,
        answer_rate_high=rate_high,
        answer_delay_hours=_median_delay(n_accounts, messages),
        answers=written,
        distinct_answer_share=_ratio(wordings, written),
        dyads=dyads,
        returning_dyads=returning,
        shared_community_share=shared,
        clockwork_share=clockwork,
        speakers=speakers,
        is_measured=enough,
    )


def _directed(n_accounts: int, output: Output) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Directed messages, those with equal words counted once, and undirected posts, per account."""
    worded = output.is_directed & (output.words != 0)
    wordless = _count(output.account[output.is_directed & ~worded], n_accounts)
    directed = _distinct(output.account, output.words, worded, n_accounts) + wordless
    return directed, _count(output.account[~output.is_directed], n_accounts)


def _pairs(
    n_accounts: int, messages: Messages
) -> tuple[NDArray[np.int64], FloatArray, NDArray[np.int64], NDArray[np.int64], FloatArray]:
    """Figures about pairs: an account and a member who spoke to it.

    Returns:
        Per account: how many pairs, the answered share of each added up, how many dyads, how many returning
        ones, and the share of dyads inside one community.
    """
    week = np.floor((messages.at - FIRST_MONDAY) / WEEK)
    order = np.lexsort((week, messages.member, messages.account))
    account, member, week = (
        np.asarray(column)[order] for column in (messages.account, messages.member, week)
    )
    same = (account[1:] == account[:-1]) & (member[1:] == member[:-1])
    first = np.append(True, ~same)[: account.size]
    pair = np.cumsum(first) - 1
    owner = account[first]
    other_week = np.append(False, same & (week[1:] > week[:-1]))[: account.size]
    weeks = 1 + np.bincount(pair, weights=other_week, minlength=owner.size)
    answered = np.bincount(pair, weights=messages.is_answered[order], minlength=owner.size)
    is_dyad = answered > 0
    together = messages.shares_community[order][first]
    known = is_dyad & ~np.isnan(together)
    heard = answered / np.bincount(pair, minlength=owner.size)
    return (
        _count(owner, n_accounts),
        np.bincount(owner, weights=heard, minlength=n_accounts).astype(np.float64),
        _count(owner[is_dyad], n_accounts),
        _count(owner[is_dyad & (weeks >= MIN_WEEKS)], n_accounts),
        _ratio(
            np.bincount(owner[known], weights=together[known], minlength=n_accounts),
            _count(owner[known], n_accounts),
        ),
    )


def covers_weeks(at: FloatArray) -> bool:
    """Whether the messages stretch over so long that somebody could have come back."""
    known = at[~np.isnan(at)]
    return bool(known.size) and float(np.ptp(known)) >= MIN_WEEKS * WEEK


def _median_delay(n_accounts: int, messages: Messages) -> FloatArray:
    """Median hours from a message to its answer, per account; NaN where no answered message has times."""
    delay = (messages.answered_at - messages.at) / 3_600
    known = ~np.isnan(delay)
    account, delay = np.asarray(messages.account)[known], delay[known]
    order = np.lexsort((delay, account))
    account, delay = account[order], delay[order]
    count = _count(account, n_accounts)
    begin = np.cumsum(count) - count
    result = _unknown(n_accounts)
    some = np.flatnonzero(count)
    below, above = begin[some] + (count[some] - 1) // 2, begin[some] + count[some] // 2
    result[some] = (delay[below] + delay[above]) / 2
    return result


Bounded = tuple["FloatArray", "FloatArray", "FloatArray"]
"""A share with its lower and upper bound, each float64[n]."""


def _share(hits: NDArray, trials: NDArray) -> Bounded:
    """A share shrunk to the mean of all accounts, with the Wilson bounds of the raw one ([0, 1] for none)."""
    total = trials.sum()
    typical = hits.sum() / total if total else 0.5
    pseudo = normal_quantile(0.95) ** 2
    low, high = wilson_interval(hits, trials)
    value = (hits + pseudo * typical) / (trials + pseudo)
    return value, np.nan_to_num(low, nan=0.0), np.nan_to_num(high, nan=1.0)


def _product(one: Bounded, other: Bounded) -> Bounded:
    """Product of two independent shares; bounds by MOVER to first order."""
    value = one[0] * other[0]
    down = np.hypot(other[0] * (one[0] - one[1]), one[0] * (other[0] - other[1]))
    up = np.hypot(other[0] * (one[2] - one[0]), one[0] * (other[2] - other[0]))
    return value, np.clip(value - down, 0.0, 1.0), np.clip(value + up, 0.0, 1.0)


def _weighted(parts: Mapping[str, Bounded], n_accounts: int) -> Bounded:
    """Weighted mean of independent parts; bounds by MOVER."""
    total = sum(PART_WEIGHTS[name] for name in parts)
    value, down, up = (np.zeros(n_accounts) for _ in range(3))
    for name, (share, low, high) in parts.items():
        weight = PART_WEIGHTS[name] / total
        value += weight * share
        down += (weight * (share - low)) ** 2
        up += (weight * (high - share)) ** 2
    return value, np.clip(value - np.sqrt(down), 0.0, 1.0), np.clip(value + np.sqrt(up), 0.0, 1.0)


def _count(account: NDArray, n_accounts: int) -> NDArray[np.int64]:
    return np.bincount(np.asarray(account, dtype=np.int64), minlength=n_accounts)


def _distinct(account: NDArray, value: NDArray, chosen: BoolArray, n_accounts: int) -> NDArray[np.int64]:
    """How many different values each account has among the chosen rows."""
    account, value = np.asarray(account)[chosen], np.asarray(value)[chosen]
    order = np.lexsort((value, account))
    account, value = account[order], value[order]
    first = np.append(True, (account[1:] != account[:-1]) | (value[1:] != value[:-1]))
    return _count(account[first[: account.size]], n_accounts)


def _ratio(part: NDArray, whole: NDArray) -> FloatArray:
    return part / np.where(whole > 0, whole, np.nan)


def _unknown(n_accounts: int) -> FloatArray:
    return np.full(n_accounts, np.nan)
