"""The part of the evaluation on labels and names: measure, and put the page and its bars together."""

from __future__ import annotations

from math import isnan

import polars as pl

from tests.benchmarks.evaluation.parts import Bar, Part, table
from tests.benchmarks.names import look_alikes, neighbourhood
from tests.benchmarks.names.neighbourhood import COLLUSIONRANK, COUNT, OURS, SHARE, TRUSTRANK

WORLDS = 3
RANKINGS = (OURS, COUNT, SHARE, COLLUSIONRANK, TRUSTRANK)
KINDS = ("pod", "mixed", "bought_followers", "copied_text", "hidden_ads")
MOST_GENUINE = 0.01
LEAST_FOUND = 0.9
LEAST_RIGHT = 0.95
MOST_REAL = 0.001


def measure(options):
    """Generated worlds first, then the public sets where they are."""
    n_worlds = options.seeds or WORLDS
    print("  labels in generated worlds ...", flush=True)
    worlds = neighbourhood.on_worlds(options.seed, n_worlds)
    alone = neighbourhood.one_wrong_label_alone(options.seed, n_worlds)
    print("  planted names ...", flush=True)
    planted, marks = look_alikes.on_worlds(options.seed, n_worlds)
    bitcoin = real = None
    if options.data is not None:
        print("  public sets ...", flush=True)
        bitcoin = neighbourhood.on_bitcoin(options.data, options.seed)
        real = look_alikes.on_real_names(options.data, options.seed)
    return Part(
        title="Labels and names: the neighbourhood of known shills, and look-alikes",
        in_short=_in_short(worlds, planted),
        body="\n\n".join([*_labels(worlds, alone, bitcoin), *_names(planted, marks, real)]),
        bars=[*_bars_of_labels(worlds, alone, bitcoin), *_bars_of_names(planted, marks, real)],
    )


def _in_short(worlds, planted):
    right = worlds.filter(pl.col("case") == "right")
    most = right.filter(pl.col("labels") == right["labels"].max())
    tricks = planted.filter(~pl.col("is_harmless") & pl.col("copies the name") & ~pl.col("has namesakes"))
    return (
        f"With {most['labels'][0]} labels the neighbourhood ranks unlabelled shills of generated worlds at "
        f"AUC {most[OURS].mean():.2f}: a weak signal, because most shills do not follow each other, and a "
        f"safe one: {_percent(most['genuine unusual'].mean())} of genuine creators are unusual. Of "
        f"look-alikes planted beside trusted voices, {_percent(tricks['right'].mean())} are found with "
        "whom they resemble."
    )


def _labels(worlds, alone, bitcoin):
    """The page on neighbourhood."""
    yield "## Neighbourhood of labelled shills"
    yield (
        f"Generated worlds of {neighbourhood.ACCOUNTS:,} accounts, {worlds['world'].n_unique()} seeds; "
        f"{neighbourhood.GENUINE_PER_SHILL} genuine labels for each shill. Unlabelled shills are to be "
        "told from unlabelled genuine creators; accounts of whom nothing is said rank last. *One wrong*: "
        "a trusted voice labelled as a shill besides. *A tenth wrong*: so many of the labels on trusted "
        "voices. *One community*: all labels from the community with most shills."
    )
    yield table(
        ("labels", "case", *(f"AUC {name}" for name in RANKINGS)),
        (
            (labels, case, *(_figure(group[name].mean()) for name in RANKINGS))
            for (labels, case), group in worlds.group_by("labels", "case", maintain_order=True)
        ),
    )
    yield "By kind of shill, with right labels:"
    right = worlds.filter(pl.col("case") == "right")
    yield table(
        ("labels", *KINDS),
        (
            (labels, *(_figure(group[f"AUC {kind}"].mean()) for kind in KINDS))
            for (labels,), group in right.group_by("labels", maintain_order=True)
        ),
    )
    yield "Share of accounts that are unusual (above 3), none of them labelled:"
    columns = (
        "shills unusual", "farm profiles unusual", "genuine unusual", "ordinary unusual",
        "genuine of the largest community unusual",
    )  # fmt: skip
    yield table(
        ("labels", "case", *columns, "genuine newly unusual, accounts", "largest rise of a value"),
        (
            (
                labels,
                case,
                *(_percent(group[name].mean()) for name in columns),
                group["newly unusual"].sum(),
                _figure(group["largest rise"].fill_nan(None).max()),
            )
            for (labels, case), group in worlds.group_by("labels", "case", maintain_order=True)
        ),
    )
    yield (
        f"One wrong label alone, each trusted voice of each world in turn: {alone} accounts have any "
        "value. What is unusual takes four labels, so hardly anybody of a world of this size is; what the "
        "signal gives is an order. It sees best who follows its like (pods), and least who hides paid "
        "posts or shares texts."
    )
    if bitcoin is not None:
        yield (
            f"### Signed trust (bitcoin-otc)\n\nA positive rating is a follow. {bitcoin['distrusted']} "
            "accounts with two negative ratings and more, and more than positive ones; half are labels, "
            f"the other half is to be told from {bitcoin['trusted']:,} accounts with three positive and no "
            "negative one; ten draws. Only accounts that rate five and more, because of others nothing is "
            "said."
        )
        means = bitcoin["rows"].group_by("ranking", maintain_order=True).mean()
        yield table(
            ("ranking", "AUC", "AUC among accounts with as many positive ratings received"),
            ([row[0], *map(_figure, row[1:])] for row in means.iter_rows()),
        )
        yield (
            "TrustRank asks who trusts an account, from which the truth here is made, and which in a "
            "follower graph can be bought: it shows what is left out on purpose."
        )


def _names(planted, marks, real):
    """The page on look-alikes."""
    yield "## Look-alike names"
    yield (
        f"Generated worlds of {look_alikes.ACCOUNTS:,} accounts: {look_alikes.PLANTED_PER_TRICK} accounts "
        "per trick beside trusted voices with a handle of eight characters and more, younger, with a "
        "twentieth of the followers at most. *Found*: marked, with the right original. The generator "
        "draws from few given and family names, so that some voices have two namesakes and more; such a "
        "name counts as common, and only look-alike letters of other alphabets are held against somebody "
        "there."
    )
    tricks = planted.filter(~pl.col("is_harmless"))
    yield table(
        ("trick", "found, shown name copied", "voices without namesakes", "found, another name", "planted"),
        (
            (
                trick,
                _found(group.filter("copies the name")),
                _found(group.filter(pl.col("copies the name") & ~pl.col("has namesakes"))),
                _found(group.filter(~pl.col("copies the name"))),
                group.height,
            )
            for (trick,), group in tricks.group_by("trick", maintain_order=True)
        ),
    )  # fmt: skip
    yield (
        "Additions and single letters count only with the shown name beside them: on their own they are "
        "what half of all handles differ by. Harmless accounts planted the same way, and how many were "
        "marked:"
    )
    yield table(
        ("harmless cause", "planted", "marked"),
        (
            (cause, group.height, group["marked"].sum())
            for (cause,), group in planted.filter("is_harmless").group_by("trick", maintain_order=True)
        ),
    )
    yield table(
        ("planted accounts", "marked in all worlds", "of them not planted", "precision"),
        (
            (
                "shown name copied" if copies else "another name shown",
                group["marked"].sum(),
                group["of them untouched"].sum(),
                _percent(_precision(group)),
            )
            for (copies,), group in marks.group_by("copies the name", maintain_order=True)
        ),
    )
    if real is not None:
        yield "Untouched real names:"
        yield table(("data", "accounts", "marked"), real)


def _bars_of_labels(worlds, alone, bitcoin):
    """What was promised of the neighbourhood."""
    wrong = worlds.filter(pl.col("case") == "one wrong")
    tenth = worlds.filter(pl.col("case") == "a tenth wrong")
    right = worlds.filter(pl.col("case") == "right")
    rise = wrong["largest rise"].max()
    harm = tenth["genuine unusual"].mean()
    yield Bar("one wrong label on a trusted voice, alone", "says nothing of anybody", str(alone), alone == 0)
    yield Bar("one wrong label among others: largest rise of a value", "at most 1", _figure(rise), rise <= 1)
    yield Bar(
        "a tenth of the labels wrong: unlabelled genuine creators unusual",
        f"at most {MOST_GENUINE:.0%}",
        _percent(harm),
        harm <= MOST_GENUINE,
    )
    home = worlds.filter(pl.col("case") == "one community")["genuine of the largest community unusual"].mean()
    yield Bar(
        "all labels from one community: its unlabelled genuine creators unusual",
        f"at most {MOST_GENUINE:.0%}",
        _percent(home),
        home <= MOST_GENUINE,
    )
    for other in (COUNT, SHARE, COLLUSIONRANK):
        ours, theirs = right[OURS].mean(), right[other].mean()
        yield Bar(
            f"unlabelled shills of generated worlds, AUC against {other}",
            "above it",
            f"{ours:.3f} to {theirs:.3f}",
            ours > theirs,
        )
    if bitcoin is None:
        yield Bar("bitcoin-otc, AUC", "above count, share and Collusionrank", "data not at hand", None)
        return
    means = dict(
        bitcoin["rows"].group_by("ranking").agg(pl.col("who rates five and more").mean()).iter_rows()
    )
    best = max(means[name] for name in (COUNT, SHARE, COLLUSIONRANK))
    yield Bar(
        "bitcoin-otc, AUC",
        "above count, share and Collusionrank",
        f"{means[OURS]:.3f} to {best:.3f}",
        means[OURS] > best,
    )


def _bars_of_names(planted, marks, real):
    """What was promised of look-alikes."""
    copied = planted.filter(~pl.col("is_harmless") & pl.col("copies the name"))
    rare = copied.filter(~pl.col("has namesakes"))
    for what, group in (("all", copied), ("without namesakes", rare)):
        share = group["right"].mean()
        yield Bar(
            f"look-alikes of trusted voices ({what}), shown name copied: found",
            f"at least {LEAST_FOUND:.0%}",
            _percent(share),
            share >= LEAST_FOUND,
        )
    precision = _precision(marks.filter("copies the name"))
    yield Bar(
        "marks in the same worlds that are planted",
        f"at least {LEAST_RIGHT:.0%}",
        _percent(precision),
        precision >= LEAST_RIGHT,
    )
    harmless = planted.filter("is_harmless")["marked"].sum()
    yield Bar("harmless look-alikes marked", "none", str(harmless), harmless == 0)
    if real is None:
        yield Bar("untouched real handles marked", f"at most {MOST_REAL:.1%}", "data not at hand", None)
        return
    name, accounts, marked = real[0]
    yield Bar(
        f"{name}: marked",
        f"at most {MOST_REAL:.1%}",
        f"{marked} of {accounts:,}",
        marked <= MOST_REAL * accounts,
    )


def _precision(marks):
    return 1 - marks["of them untouched"].sum() / marks["marked"].sum()


def _found(group):
    return _percent(group["right"].mean())


def _percent(share):
    return "–" if share is None else f"{100 * share:.1f} %"


def _figure(value):
    return "–" if value is None or isnan(value) else f"{value:.3f}"
