"""Contenders side by side: each in a process of its own, round after round, the median of the rounds.

Rounds are interleaved (every contender once, then all again), so that a busy minute of the machine hits
all of them. CPU seconds count, not wall time, because machines are shared.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

SHOWN_VERSIONS = ("numpy", "scipy", "numba", "polars", "duckdb", "igraph", "networkx")


@dataclass(frozen=True)
class Contender:
    """One way to do the work.

    Attributes:
        name: as it stands in tables.
        call: `package.module:function`; the function takes a `Watch` and `arguments`, times its sections with
            it, and returns what is to be compared (anything JSON holds), or None.
        arguments: keyword arguments, anything JSON holds.
        threads: how many threads it may use; said to every library that listens to an environment variable.
        rounds: how often at most; for one that takes minutes. All rounds by default.
    """

    name: str
    call: str
    arguments: dict = field(default_factory=dict)
    threads: int = 1
    rounds: int | None = None


@dataclass(frozen=True)
class Measured:
    """What the rounds of one contender showed.

    Attributes:
        sections: section to median `cpu_seconds`, `system_seconds` (those of them that the kernel of the
            machine took, for the most part to find memory) and `wall_seconds`, highest `peak_bytes`, and
            `before_bytes`, what was resident when the section began (interpreter and libraries).
        process_cpu_seconds: median of the whole process, imports and compiling included.
        rounds: how many there were.
        spread: greatest over least total CPU seconds of the rounds.
        answer: what the last round returned.
    """

    sections: dict
    process_cpu_seconds: float
    rounds: int
    spread: float
    answer: object

    @property
    def cpu_seconds(self):
        """CPU seconds of all sections."""
        return sum(section["cpu_seconds"] for section in self.sections.values())

    @property
    def system_seconds(self):
        """Those of them that the system took."""
        return sum(section["system_seconds"] for section in self.sections.values())

    @property
    def peak_bytes(self):
        """The highest peak of any section, interpreter and libraries included."""
        return max(section["peak_bytes"] for section in self.sections.values())

    @property
    def grown_bytes(self):
        """The highest peak of any section over what was resident before the first."""
        return self.peak_bytes - min(section["before_bytes"] for section in self.sections.values())

    def nanoseconds(self, edges, *sections):
        """CPU nanoseconds per follow of the named sections, of all where none is named."""
        chosen = sections or tuple(self.sections)
        return sum(self.sections[name]["cpu_seconds"] for name in chosen) / edges * 1e9


def compare(contenders, rounds, only=()):
    """Contender name to `Measured`; those that fail are left out, and say why on standard error."""
    chosen = [contender for contender in contenders if not only or contender.name in only]
    seen = {contender.name: [] for contender in chosen}
    failed = set()
    for turn in range(rounds):
        for contender in chosen:
            if contender.name in failed or turn >= (contender.rounds or rounds):
                continue
            found = run(contender)
            if found is None:
                failed.add(contender.name)
                continue
            seen[contender.name].append(found)
            cpu = sum(section["cpu_seconds"] for section in found["sections"].values())
            print(f"  {contender.name}: {cpu:.2f} CPU s", flush=True)
    return {name: _median(found) for name, found in seen.items() if found}


def run(contender):
    """One round of one contender: its sections, its answer and `process_cpu_seconds`; None if it failed."""
    threads = str(contender.threads)
    names = ("OMP", "OPENBLAS", "MKL", "NUMBA", "POLARS_MAX", "RAYON")
    environment = {**os.environ, **{f"{name}_NUM_THREADS": threads for name in names}}
    environment["POLARS_MAX_THREADS"] = threads
    with tempfile.TemporaryDirectory(prefix="vouch-measured-") as folder:
        out = Path(folder) / "seen.json"
        before = _children_cpu_seconds()
        ended = subprocess.run(
            [
                sys.executable,
                "-m",
                "tests.benchmarks.speed.watch",
                contender.call,
                json.dumps(contender.arguments),
                str(out),
            ],
            env=environment,
            check=False,
        )
        if ended.returncode:
            print(f"  {contender.name} failed with code {ended.returncode}", file=sys.stderr, flush=True)
            return None
        seen = json.loads(out.read_text(encoding="utf-8"))
    return {**seen, "process_cpu_seconds": _children_cpu_seconds() - before}


def machine():
    """What it was measured on, in words."""
    facts = platform.processor() or platform.machine()
    cpuinfo, meminfo = Path("/proc/cpuinfo"), Path("/proc/meminfo")
    if cpuinfo.exists():
        models = [line.split(":", 1)[1] for line in cpuinfo.read_text().splitlines() if "model name" in line]
        facts = models[0].strip() if models else facts
    memory = ""
    if meminfo.exists():
        memory = f", {int(meminfo.read_text().split()[1]) / 2**20:.0f} GB"
    versions = ", ".join(f"{package} {found}" for package in SHOWN_VERSIONS if (found := _version(package)))
    return (
        f"{os.cpu_count()} cores ({facts}){memory}, load {os.getloadavg()[0]:.1f} when it began; "
        f"Python {platform.python_version()}, {versions}"
    )


def _version(package):
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _children_cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _median(found):
    sections = {
        name: {
            **{
                clock: statistics.median(one["sections"][name][clock] for one in found)
                for clock in ("cpu_seconds", "system_seconds", "wall_seconds")
            },
            "before_bytes": min(one["sections"][name]["before_bytes"] for one in found),
            "peak_bytes": max(one["sections"][name]["peak_bytes"] for one in found),
        }
        for name in found[0]["sections"]
    }
    totals = [sum(section["cpu_seconds"] for section in one["sections"].values()) for one in found]
    return Measured(
        sections=sections,
        process_cpu_seconds=statistics.median(one["process_cpu_seconds"] for one in found),
        rounds=len(found),
        spread=max(totals) / max(min(totals), 1e-9),
        answer=found[-1]["answer"],
    )
