"""The main job, `vouch run`, from files to the published file and the reports, step by step.

One process, as at a person's machine: a generated follower graph with integer ids, one audience, three brands
and no profiles or posts. It is run twice in one home, anew and with nothing changed; then the inputs are read
once more with a day's new follows in a file of their own.

With a folder to keep, a job that was cut off goes on in the same home at the step that was cut off, as
`vouch run` does; the steps that are there keep the seconds and the memory of the run that made them.
"""

from __future__ import annotations

import json
import resource
import shutil
import tempfile
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

import polars as pl

from tests.benchmarks.speed.graphs import account_bits, integer_ids, rmat, write_follows
from tests.benchmarks.speed.measuring import Contender, compare
from tests.benchmarks.speed.parts import Bar, Part, table
from tests.benchmarks.speed.watch import Watch

MOST_CPU_MINUTES = {100_000_000: 10}
"""Follows to the CPU minutes that the whole job may take; nothing is promised of other sizes."""

MOST_ROUNDS = 1
"""It takes minutes."""

MOST_PEAK_BYTES = 20 * 10**9
MOST_DISK_BYTES = 40 * 10**9
STAGES = ("inputs", "graph", "shill", "trust", "partners", "published")
KEPT_STAGES = STAGES[:4]
"""Stages of which a run without news makes nothing again."""

NEW_SHARE = 1_000
"""A day brings one new follow for so many old ones."""

DAY = date(2026, 1, 1)
"""The same for every run, so that one that was cut off goes on whatever day it is."""

BRANDS = (3, 17, 40)
ABOUT = f"""
`vouch run` on a folder of Parquet files (follows with integer ids, one audience of one account in a hundred,
three brands; no profiles, no posts, no times), from the files to the published file and the reports, in one
process with one thread for each library. Minutes are of a machine that others used as well; CPU counts.
Memory is the highest resident figure within the step, pages of mapped files included. *Again* is a second
run of the same data in the same home. Last a file with one new follow for every {NEW_SHARE:,} old ones is
added to the folder and the inputs are read. The disk is what the home holds when it holds most at the end of
a step, without the dataset itself.
"""


def measure(options):
    """The whole job at one size."""
    data = _dataset(options.scratch, options.edges, options.seed)
    small = _dataset(options.scratch, 1_000, options.seed)
    contender = Contender(
        "Vouch",
        f"{__name__}:whole_job",
        {
            "data": str(data),
            "small": str(small),
            "scratch": str(options.scratch),
            "seed": options.seed,
            "keep": options.keep and str(options.keep / f"job-{options.edges}-{options.seed}"),
        },
    )
    found = compare([contender], options.rounds)["Vouch"]
    told = found.answer
    first = {name: one for name, one in found.sections.items() if name.startswith("first: ")}
    cpu = {stage: _cpu(found.sections, told["stages"], "first", stage) for stage in STAGES}
    bars = _bars(options.edges, found, told, first)
    sizes = (
        f"{told['accounts']:,} accounts, {told['candidates']:,} candidates, {told['members']:,} members."
        f"{_resumed(told['runs'])} The "
        f"first run took {sum(cpu.values()) / 60:.2f} CPU minutes; definitions and what lies between steps "
        f"{told['between_cpu_seconds']:.1f} CPU seconds over both runs. Of the second run: {told['said']} "
        f"With a day's {told['rows_added']:,} follows more, the inputs took "
        f"{found.sections['later: input tables']['cpu_seconds']:.1f} CPU seconds."
    )
    tables = _stages_table(found.sections, told, cpu), _steps_table(first, told["stages"])
    body = "\n\n".join((*tables, sizes.strip()))
    return Part("The whole job", ABOUT, body, bars, cpu | {"all": sum(cpu.values())})


def _bars(edges, found, told, first):
    minutes = sum(one["cpu_seconds"] for one in first.values()) / 60
    most = MOST_CPU_MINUTES.get(edges)
    peak = max(one["peak_bytes"] for one in found.sections.values())
    again = [name for name, is_kept in told["kept"]["again"].items() if not is_kept]
    read, disk = told["rows_read_again"], told["disk_bytes"]
    promised = "files to reports, CPU minutes", f"≤ {most}", f"{minutes:.3g}"
    return [
        *([Bar(*promised, minutes <= most)] if most else []),
        Bar("peak of resident memory", "≤ 20 GB", _gb(peak), peak <= MOST_PEAK_BYTES),
        Bar("disk, lake and scratch", "≤ 40 GB", _gb(disk), disk <= MOST_DISK_BYTES),
        Bar(
            "steps up to the trust stage made again when nothing changed",
            "0",
            str(len(again)) + (f": {', '.join(again)}" if again else ""),
            not again,
        ),
        Bar(
            "follows read when a day's follows were added",
            f"{told['rows_added']:,}, the new ones",
            f"{read:,}",
            read == told["rows_added"],
        ),
    ]


def _cpu(sections, stages, run, stage):
    """CPU seconds of the steps of a stage in one of the runs."""
    return sum(
        one["cpu_seconds"]
        for name, one in sections.items()
        if name.startswith(f"{run}: ") and stages.get(name.partition(": ")[2]) == stage
    )


def _stages_table(sections, told, cpu):
    rows = []
    for stage in STAGES:
        mine = [
            one for name, one in sections.items()
            if name.startswith("first: ") and told["stages"].get(name[len("first: ") :]) == stage
        ]  # fmt: skip
        rows.append(
            (
                stage,
                f"{sum(one['wall_seconds'] for one in mine) / 60:.2f}",
                f"{cpu[stage]:.1f}",
                _gb(max((one["peak_bytes"] for one in mine), default=0)),
                f"{_cpu(sections, told['stages'], 'again', stage):.1f}",
            )
        )
    return table(("stage", "minutes", "CPU seconds", "peak", "CPU seconds again"), rows)


def _steps_table(first, stages):
    """The steps that take most; the others in one row."""
    total = sum(one["cpu_seconds"] for one in first.values())
    large = {name: one for name, one in first.items() if one["cpu_seconds"] >= max(0.01 * total, 0.1)}
    rest = [one for name, one in first.items() if name not in large]
    rows = [
        (
            name.partition(": ")[2],
            stages.get(name.partition(": ")[2], "–"),
            f"{one['wall_seconds'] / 60:.2f}",
            f"{one['cpu_seconds']:.1f}",
            _gb(one["peak_bytes"]),
        )
        for name, one in large.items()
    ]
    rows.append(
        (
            f"{len(rest)} more",
            "–",
            f"{sum(one['wall_seconds'] for one in rest) / 60:.2f}",
            f"{sum(one['cpu_seconds'] for one in rest):.1f}",
            _gb(max((one["peak_bytes"] for one in rest), default=0)),
        )
    )
    return table(("step", "stage", "minutes", "CPU seconds", "peak"), rows)


def _resumed(runs):
    if runs == 1:
        return ""
    times = "once" if runs == 2 else f"{runs - 1} times"
    return f" The first run was cut off and went on {times}; a step that was cut off was made again."


def _gb(size):
    return f"{size / 1e9:.2f} GB"


def _dataset(scratch, edges, seed):
    """The generated folder, with brands beside the follows."""
    folder = write_follows(scratch, edges, seed=seed)
    brands = folder / "brands.parquet"
    if not brands.exists():
        import numpy as np  # noqa: PLC0415 - the child that runs the job is not to pay for it before it begins

        ids = integer_ids(np.array(BRANDS, dtype=np.uint32), account_bits(edges))
        names = [f"Brand {number}" for number in range(1, len(BRANDS) + 1)]
        pl.DataFrame({"brand": names, "account_id": ids}).write_parquet(brands)
    return folder


# the child: three runs in one home -----------------------------------------------------------------------


class _Stopwatch:
    """An observer of a run that makes each step a section of a watch.

    Args:
        watch: of this process.
        run: before the name of every section.
        home: whose size is looked at after every step.
        kept: file of the sections of an earlier run that was cut off, in this home; None keeps nothing.
    """

    def __init__(self, watch, run, home, kept=None):
        self.watch, self.run, self.home, self.kept = watch, run, home, kept
        self.notes, self.messages, self.disk_bytes = {}, [], 0
        self.open = ExitStack()
        before = json.loads(kept.read_text(encoding="utf-8")) if kept and kept.exists() else {}
        self.before, self.runs = before.get("sections", {}), before.get("runs", 0) + 1
        self._keep()

    def step_started(self, name, _total=None):
        self.open.enter_context(self.watch(f"{self.run}: {_step(name)}"))

    def step_finished(self, name, _seconds, note=""):
        self.open.close()
        section = f"{self.run}: {_step(name)}"
        if _is_kept(note) and section in self.before:
            self.watch.sections[section] = self.before[section]
        self.before[section] = self.watch.sections[section]
        self.notes[_step(name)] = note
        self.disk_bytes = max(self.disk_bytes, _size(self.home))
        self._keep()

    def _keep(self):
        if self.kept:
            made = {"runs": self.runs, "sections": self.before}
            self.kept.write_text(json.dumps(made, indent=1), encoding="utf-8")

    def will_take(self, seconds):
        pass

    def message(self, text):
        self.messages.append(text)


def _is_kept(note):
    from assets.finished import KEPT  # noqa: PLC0415 - after the child has begun

    return KEPT in note or "nothing was read again" in note


def _step(name):
    return name.partition(" · ")[0]


def whole_job(watch, data, small, scratch, seed, keep=None):
    """Run the job on a small folder, then twice on the large one, and read that again with a file more."""
    from pipelines.definitions import build_defs  # noqa: PLC0415

    graph = build_defs().resolve_asset_graph()
    stages = {
        key.to_user_string().replace("_", " "): graph.get(key).group_name
        for key in graph.materializable_asset_keys
    }
    with _folder(keep, scratch) as root:
        _run(Watch(), "small", Path(small), root / "small")
        shutil.rmtree(root / "small")
        lent = root / "data"
        _lend(Path(data), lent)
        seen, before = {}, _process_cpu()
        for run in ("first", "again"):
            kept = root / "sections.json" if keep and run == "first" else None
            seen[run] = _run(watch, run, lent, root / "home", kept)
        between = _process_cpu() - before - sum(one["cpu_seconds"] for one in watch.sections.values())
        added = _add_a_day(lent, seed)
        note = _read_again(watch, lent, root / "home")
        facts = _facts(root / "home")
        return facts | {
            "stages": stages,
            "between_cpu_seconds": between,
            "disk_bytes": max(one.disk_bytes for one in seen.values()),
            "kept": {
                run: {name: _is_kept(note) for name, note in one.notes.items() if stages[name] in KEPT_STAGES}
                for run, one in seen.items()
            },
            "runs": seen["first"].runs,
            "rows_added": added,
            "rows_read_again": _rows_read(root / "home", note),
            "said": " ".join(seen["again"].messages),
        }


@contextmanager
def _folder(keep, scratch):
    """The folder that is kept, or one that is gone afterwards."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="job-", dir=scratch) as folder:
            yield Path(folder)
        return
    Path(keep).mkdir(parents=True, exist_ok=True)
    yield Path(keep)
    shutil.rmtree(keep)


def _run(watch, run, data, home, kept=None):
    from pipelines.home import Home  # noqa: PLC0415 - after the child has begun
    from pipelines.requests import Source  # noqa: PLC0415
    from pipelines.run import run_pipeline  # noqa: PLC0415

    observer = _Stopwatch(watch, run, home, kept)
    run_pipeline(Home(home), Source(str(data)), as_of=DAY, observer=observer)
    return observer


def _read_again(watch, data, home):
    """Read the inputs as the next run would; what it says of that."""
    from pipelines.home import Home  # noqa: PLC0415 - after the child has begun
    from pipelines.lake import Lake  # noqa: PLC0415
    from pipelines.resources import FolderIngest  # noqa: PLC0415

    day = next((home / "lake" / "days").iterdir()).name
    with watch("later: input tables"):
        ingest = FolderIngest(home / "scratch", Home(home))
        return ingest.run(str(data), None, Lake(home / "lake").inputs(day), day, 0.01).note


def _lend(data, folder):
    """The dataset under another name, so that files can be added to it."""
    if folder.exists():  # of a run that was cut off
        shutil.rmtree(folder)
    (folder / "follows").mkdir(parents=True)
    for path in data.rglob("*.parquet"):
        (folder / path.relative_to(data)).symlink_to(path)


def _add_a_day(data, seed):
    """One more file of follows; how many."""
    rows = sum(_rows(path) for path in (data / "follows").glob("*.parquet"))
    bits, new = account_bits(rows), max(rows // NEW_SHARE, 1)
    follower, followee = rmat(new, seed, rows, bits)
    pl.DataFrame(
        {"follower_id": integer_ids(follower, bits), "followee_id": integer_ids(followee, bits)}
    ).write_parquet(data / "follows" / "part-9999-new.parquet")
    return new


def _rows(path):
    return pl.scan_parquet(path, glob=False).select(pl.len()).collect().item()


def _rows_read(home, note):
    """Follows that the last run read: all, less those that its note says were not."""
    balance = pl.read_parquet(next((home / "lake" / "days").glob("*/inputs/balance.parquet")))
    rows = balance.filter(pl.col("table_name") == "follows")["rows_in"].item()
    said = [word for word in note.replace(",", "").split() if word.isdigit()]
    return rows - (int(said[0]) if "not read again" in note and said else 0)


def _facts(home):
    """How large what was ranked is."""
    day = next((home / "lake" / "days").iterdir())
    audience = next((day / "audiences").iterdir())
    return {
        "accounts": _rows(day / "graph" / "accounts.parquet"),
        "candidates": _rows(audience / "ranking.parquet"),
        "members": _rows(audience / "members.parquet"),
    }


def _size(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _process_cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
