"""The lines of evidence on trust, one function per signal.

Which figures a line shows, which way it points, and what is said to be missing. Wording is in
`assets.trust_sentences`, comparison with similar accounts in `graph.statistics.typical_values`. A column that
the ranking does not have yields no line; a value that is NULL is named as not measured.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from assets import trust_sentences as words
from assets.evidence_lines import (
    AGAINST,
    FOR,
    NEUTRAL,
    TRUST,
    UNKNOWN,
    Candidates,
    Examples,
    Figures,
    Lines,
    Missing,
    by_typical,
    lines_of,
)
from assets.sentences import FOLLOWS, number, percent, times
from graph.statistics.intervals import wilson_interval
from graph.trust.conversation import MIN_OUTPUT, MIN_RECEIVED, MIN_SPEAKERS

SAME_REACH_FROM = 0.9  # what reach holds is like the typical one from this share of it on
LEAST_SHARE = 0.05  # a share below this is a trace, also where even less is typical
LEAST_STRENGTH = 0.01  # of the strongest voice
LEAST_LISTENERS = 5
LEAST_MEMBERS = MIN_SPEAKERS  # two friends are no audience
DIRECTION_OF_TREND = {"rising": FOR, "falling": AGAINST, "steady": NEUTRAL}
ON_POSTS, ON_NOTHING = "posts", "none"


@dataclass(frozen=True)
class TrustFindings:
    """What the lines on trust need beside the ranking.

    Attributes:
        basis: `follows`, or `interactions` where no follows were delivered.
        baseline: Whom the audience is compared with: `network`, `audience:NAME` or `category:NAME`.
        talk: What conversation rests on: `posts`, `interactions`, `none`; empty where nobody looked.
        unknown_of_talk: Columns on conversation that cannot be known on that basis.
        groups: How many groups the audience has.
        cleaned_members: Members who weigh less for their profile, for following masses or for acting in step.
        members: Positions in the ranking of candidates who are members themselves.
        voices: Names of strong voices that pass attention on, by the candidate's position in the ranking.
        examples: Ids of example rows by signal and the candidate's position.
    """

    basis: str = FOLLOWS
    baseline: str = words.NETWORK
    talk: str = ON_POSTS
    unknown_of_talk: frozenset[str] = frozenset()
    groups: int = 0
    cleaned_members: int = 0
    members: frozenset[int] = frozenset()
    voices: Examples = field(default_factory=dict)
    examples: Mapping[str, Examples] = field(default_factory=dict)


def trust_lines(candidates: Candidates, findings: TrustFindings) -> Sequence[Lines]:
    """The lines of every signal on trust, in the order in which a person reads them."""
    return [make(candidates, findings) for make in _SIGNALS]


def _affinity(candidates: Candidates, findings: TrustFindings) -> Lines:
    rows = np.arange(len(candidates))
    share = [
        candidates.floats(name).tolist()
        for name in ("reach_share", "reach_share_low", "reach_share_high", "reach_share_cleaned")
    ]
    lift, low, high = (candidates.floats(name) for name in ("lift", "lift_low", "lift_high"))
    # Where nobody of the baseline listens, the ratio is the prior's, not observed; its bounds still hold.
    is_unseen = candidates.floats("baseline_share") == 0
    observed = np.where(is_unseen, np.nan, lift)
    usual = candidates.compare(observed)
    baselines = [given or findings.baseline for given in candidates.texts("baseline")]
    told = {given: words.baseline_words(given) for given in set(baselines)}
    followers, size = (candidates.floats(name) for name in ("audience_followers", "audience_size"))
    # Nobody is counted as a possible follower of itself, so the share of a member is one of the others.
    is_member = np.isin(rows, list(findings.members))
    heard = [column.tolist() for column in (followers, size - is_member, is_member)]
    texts = [
        words.affinity(name, findings.basis, counts, shares, lifts, told[baseline], end, is_unseen=unseen)
        for name, counts, shares, lifts, baseline, end, unseen in zip(
            candidates.names,
            zip(*heard, strict=True),
            zip(*share, strict=True),
            zip(lift.tolist(), low.tolist(), high.tolist(), strict=True),
            baselines,
            usual.ends(lambda value: f"{times(value)} times"),
            is_unseen.tolist(),
            strict=True,
        )
    ]
    direction = np.where(
        np.isnan(lift), UNKNOWN, np.where(low > 1, FOR, np.where(high <= 1, AGAINST, NEUTRAL))
    )
    return Lines(
        lines_of(
            (TRUST, "affinity"), rows, texts, direction,
            Figures(observed, usual.typical, 1.0, candidates.floats("affinity_part")),
            findings.examples.get("affinity"),
        )
    )  # fmt: skip


def _cleaned_reach(candidates: Candidates, findings: TrustFindings) -> Lines:
    """How much of its reach an account holds, against what accounts of its size hold.

    Holding is cleaned ÷ raw reach. Its bounds are those of what its followers weigh on average (Wilson, as
    for a share, which varies at least as much), so that one mass follower among five takes no side.
    """
    raw, cleaned = candidates.floats("reach_share"), candidates.floats("reach_share_cleaned")
    if not findings.cleaned_members:
        why = "no member weighs less for a profile, for following masses or for acting in step"
        return Lines(
            None, [Missing("what reach holds after cleaning", why, np.ones(len(candidates), dtype=bool))]
        )
    holding = np.divide(cleaned, raw, out=np.full(len(candidates), np.nan), where=raw > 0)
    followers, weight = (
        candidates.floats(name) for name in ("audience_followers", "audience_followers_cleaned")
    )
    bounds = [
        holding * np.divide(bound * followers, weight, out=np.full(len(candidates), np.nan), where=weight > 0)
        for bound in wilson_interval(weight, followers)
    ]
    usual = candidates.compare(holding)
    is_loss = (holding < SAME_REACH_FROM * usual.typical) & (bounds[1] < usual.typical)
    is_better = (SAME_REACH_FROM * holding > usual.typical) & (bounds[0] > usual.typical)
    rows = np.flatnonzero(~np.isnan(holding))
    ends = usual.ends(percent)
    columns = (column[rows].tolist() for column in (raw, cleaned, holding, is_loss))
    texts = [
        words.cleaned_reach(whole, part, kept, is_loss=lost, compared=ends[row])
        for row, whole, part, kept, lost in zip(rows.tolist(), *columns, strict=True)
    ]
    frame = lines_of(
        (TRUST, "cleaned_reach"), rows, texts,
        np.where(is_loss, AGAINST, np.where(is_better, FOR, NEUTRAL))[rows],
        Figures(holding, usual.typical, SAME_REACH_FROM * usual.typical).at(rows),
    )  # fmt: skip
    return Lines(frame, _absent("what reach holds after cleaning", "nobody is left to weigh", holding))


def _endorsement(candidates: Candidates, findings: TrustFindings) -> Lines:
    strength = np.nan_to_num(candidates.floats("endorsement"), nan=0.0)
    share = strength / max(float(strength.max(initial=0.0)), np.finfo(np.float64).tiny)
    rows = np.arange(len(candidates))
    usual = candidates.compare(share)
    texts = [
        words.endorsement(name, findings.basis, part, findings.voices.get(row, ()), end)
        for row, name, part, end in zip(
            rows.tolist(), candidates.names, share.tolist(), usual.ends(percent), strict=True
        )
    ]
    return Lines(
        lines_of(
            (TRUST, "endorsement"), rows, texts, by_typical(share, usual.typical, floor=LEAST_STRENGTH),
            Figures(share, usual.typical, weight=candidates.floats("endorsement_part")),
            findings.examples.get("endorsement"),
        )
    )  # fmt: skip


def _word_of_mouth(candidates: Candidates, findings: TrustFindings) -> Lines:
    voices = candidates.floats("word_of_mouth_voices")
    others = (
        np.nan_to_num(candidates.floats("word_of_mouth_weeks")),
        candidates.floats("word_of_mouth_communities"),
        candidates.floats("word_of_mouth_prompted_voices"),
        candidates.floats("word_of_mouth_occasions"),
    )
    wording = _Wording(
        (voices, *others),
        lambda name, its, end: words.word_of_mouth(
            name, int(its[0]), int(its[1]), its[2], its[3], end, occasions=its[4]
        ),
        number,
    )
    missing = _absent("word of mouth", "no mentions, quotes or reposts in the data", voices)
    weight = candidates.floats("word_of_mouth_part")
    return _more_is_better(candidates, findings, "word_of_mouth", wording, missing, weight)


def _sharing(candidates: Candidates, findings: TrustFindings) -> Lines:
    rate, voices = candidates.floats("sharing_rate"), candidates.floats("word_of_mouth_voices")
    listeners = candidates.floats("audience_listeners")
    wording = _Wording(
        (rate, listeners, voices),
        lambda name, its, end: words.sharing(name, findings.basis, its[0], int(its[1]), int(its[2]), end),
        percent,
    )
    # Word of mouth has one weight, on its own line; this line says which half of it made it large or small.
    rule = _Rule(LEAST_SHARE, wilson_interval(voices, listeners), listeners >= LEAST_LISTENERS)
    return _more_is_better(candidates, findings, "sharing", wording, (), None, rule)


def _conversation(candidates: Candidates, findings: TrustFindings) -> Lines:
    on_posts = findings.talk == ON_POSTS
    share, output = candidates.floats("directed_share"), candidates.floats("output_posts")
    wording = _Wording(
        (share, output),
        lambda name, its, end: words.conversation(name, its[0], its[1], on_posts=on_posts, compared=end),
        percent,
    )
    missing = _silent(candidates, findings, "directed_share", "whether it converses or broadcasts")
    weight = candidates.floats("conversation_part")
    rule = _Rule(LEAST_SHARE, wilson_interval(share * output, output), output >= MIN_OUTPUT)
    return _more_is_better(candidates, findings, "conversation", wording, missing, weight, rule)


def _answers(candidates: Candidates, findings: TrustFindings) -> Lines:
    names = (
        "answer_rate", "answer_rate_low", "answer_rate_high", "replies_received", "answer_delay_hours",
        "distinct_answer_share", "speakers",
    )  # fmt: skip
    columns = [candidates.floats(name) for name in names]
    wording = _Wording(
        columns,
        lambda name, its, end: words.answers(
            name, (its[3], its[6]), (its[0], its[1], its[2]), its[4], its[5], end
        ),
        percent,
    )
    missing = _silent(candidates, findings, "answer_rate", "whether it answers")
    if "distinct_answer_share" in findings.unknown_of_talk:
        missing += _silent(
            candidates, findings, "distinct_answer_share", "whether answers are written for the person"
        )
    # One of one is no habit, and bad luck speaks against nobody.
    rule = _Rule(LEAST_SHARE, (columns[1], columns[2]), columns[3] >= MIN_RECEIVED)
    return _more_is_better(candidates, findings, "answers", wording, missing, rule=rule)


def _returning_dyads(candidates: Candidates, findings: TrustFindings) -> Lines:
    names = ("returning_dyads", "dyads", "shared_community_share")
    wording = _Wording(
        [candidates.floats(name) for name in names],
        lambda name, its, end: words.returning_dyads(name, int(its[0]), its[1], its[2], end),
        number,
    )
    missing = _silent(candidates, findings, "returning_dyads", "whether people come back to talk with it")
    rule = _Rule(LEAST_MEMBERS)
    return _more_is_better(candidates, findings, "returning_dyads", wording, missing, rule=rule)


def _automation(candidates: Candidates, findings: TrustFindings) -> Lines:
    share = candidates.floats("clockwork_share")
    rows = np.flatnonzero(~np.isnan(share))
    usual = candidates.compare(share)
    # Where nobody is there to compare with, the share alone speaks.
    is_unusual = (share >= words.CLOCKWORK_FROM) & ~(share <= usual.typical)
    ends = usual.ends(percent)
    texts = [
        words.automation(candidates.names[row], part, is_unusual=is_so, compared=ends[row])
        for row, part, is_so in zip(
            rows.tolist(), share[rows].tolist(), is_unusual[rows].tolist(), strict=True
        )
    ]
    frame = lines_of(
        (TRUST, "automation"), rows, texts, np.where(is_unusual[rows], AGAINST, NEUTRAL),
        Figures(share, usual.typical, words.CLOCKWORK_FROM).at(rows),
    )  # fmt: skip
    return Lines(frame, _silent(candidates, findings, "clockwork_share", "when it posts"))


def _communities(candidates: Candidates, findings: TrustFindings) -> Lines:
    covered = candidates.floats("communities_covered")
    is_bridge = np.nan_to_num(candidates.floats("is_bridge")) > 0
    rows = np.flatnonzero(~np.isnan(covered))
    usual = candidates.compare(covered)
    ends = usual.ends(number)
    texts = [
        words.communities(candidates.names[row], int(n), findings.groups, is_bridge=joins, compared=ends[row])
        for row, n, joins in zip(rows.tolist(), covered[rows].tolist(), is_bridge[rows].tolist(), strict=True)
    ]
    # Whom one small group trusts is no worse for it: few groups speak against nobody.
    more = is_bridge | (covered > np.nan_to_num(usual.typical, nan=1.0)) & (covered > 1)
    frame = lines_of(
        (TRUST, "communities"), rows, texts, np.where(more[rows], FOR, NEUTRAL),
        Figures(covered, usual.typical).at(rows), findings.examples.get("communities"),
    )  # fmt: skip
    missing = _absent("the groups it is heard in", "no groups hold in this audience", covered)
    return Lines(frame, missing if candidates.has("communities_covered") else ())


def _momentum(candidates: Candidates, findings: TrustFindings) -> Lines:
    del findings
    if not candidates.has("momentum"):
        return Lines()
    trend = np.array(candidates.texts("momentum"), dtype=object)
    names = ("momentum_change", "momentum_change_low", "momentum_change_high", "momentum_runs")
    change, low, high, runs = (candidates.floats(name) for name in names)
    is_known = np.isin(trend, list(DIRECTION_OF_TREND))
    rows = np.flatnonzero(is_known)
    columns = (column[rows].tolist() for column in (trend, change, low, high, np.nan_to_num(runs)))
    texts = [
        words.momentum(candidates.names[row], where, (by, least, most), int(n))
        for row, where, by, least, most, n in zip(rows.tolist(), *columns, strict=True)
    ]
    direction = np.array([DIRECTION_OF_TREND[where] for where in trend[rows].tolist()], dtype=object)
    frame = lines_of((TRUST, "momentum"), rows, texts, direction, Figures(change).at(rows))
    return Lines(frame, [Missing("its trend", "it needs more runs, on days apart", ~is_known)])


def _tone(candidates: Candidates, findings: TrustFindings) -> Lines:
    names = ("tone", "tone_low", "tone_high", "tone_messages", "tone_coverage")
    columns = [candidates.floats(name) for name in names]
    rows = np.flatnonzero(~np.isnan(columns[0]))
    usual = candidates.compare(columns[0])
    texts = [
        words.tone(candidates.names[row], (value, low, high), messages, coverage)
        for row, value, low, high, messages, coverage in zip(
            rows.tolist(), *(column[rows].tolist() for column in columns), strict=True
        )
    ]
    frame = lines_of((TRUST, "tone"), rows, texts, NEUTRAL, Figures(columns[0], usual.typical).at(rows))
    return Lines(frame, _silent(candidates, findings, "tone", "the tone of the exchange"))


@dataclass(frozen=True)
class _Wording:
    """How the sentence of a signal is made from its figures.

    Attributes:
        columns: The figures of each candidate; the first is the value, and where it is NaN there is no line.
        write: Makes the sentence from the name, the figures and the end that compares.
        show: Writes the typical value.
    """

    columns: Sequence[np.ndarray]
    write: Callable[[str, tuple[float, ...], str], str]
    show: Callable[[float], str]


@dataclass(frozen=True)
class _Rule:
    """When a figure of which more is better takes a side; see `by_typical`.

    Attributes:
        floor: The least value that says anything.
        bounds: Lower and upper bound of each candidate's value; None for counts.
        is_enough: bool[candidates], whether it rests on enough to take a side at all; None for all.
    """

    floor: float
    bounds: tuple[np.ndarray, np.ndarray] | None = None
    is_enough: np.ndarray | None = None


def _more_is_better(
    candidates: Candidates,
    findings: TrustFindings,
    signal: str,
    wording: _Wording,
    missing: Sequence[Missing],
    weight: np.ndarray | None = None,
    rule: _Rule = _Rule(LEAST_MEMBERS),
) -> Lines:
    """Lines of a signal of which more is better, judged against what is typical."""
    value = wording.columns[0]
    rows = np.flatnonzero(~np.isnan(value))
    usual = candidates.compare(value)
    ends = usual.ends(wording.show)
    each = zip(*(column[rows].tolist() for column in wording.columns), strict=True)
    texts = [
        wording.write(candidates.names[row], figures, ends[row])
        for row, figures in zip(rows.tolist(), each, strict=True)
    ]
    figures = Figures(value, usual.typical, weight=weight).at(rows)
    bounds = None if rule.bounds is None else (rule.bounds[0][rows], rule.bounds[1][rows])
    direction = by_typical(value[rows], usual.typical[rows], bounds, rule.floor)
    if rule.is_enough is not None:
        direction[~rule.is_enough[rows]] = NEUTRAL
    frame = lines_of((TRUST, signal), rows, texts, direction, figures, findings.examples.get(signal))
    return Lines(frame, missing)


def _absent(what: str, why: str, values: np.ndarray) -> list[Missing]:
    return [Missing(what, why, np.isnan(values))]


def _silent(candidates: Candidates, findings: TrustFindings, column: str, what: str) -> list[Missing]:
    """What was not measured of how an account talks, with the reason that the data give."""
    if not (candidates.has(column) and findings.talk):
        return []
    if findings.talk == ON_NOTHING:
        why = "no posts and no interactions in the data"
    elif column in findings.unknown_of_talk:
        why = f"it cannot be known from {findings.talk} alone"
    else:
        why = "too little of it in the data"
    return _absent(what, why, candidates.floats(column))


_SIGNALS = (
    _affinity,
    _cleaned_reach,
    _endorsement,
    _word_of_mouth,
    _sharing,
    _conversation,
    _answers,
    _returning_dyads,
    _communities,
    _momentum,
    _automation,
    _tone,
)
