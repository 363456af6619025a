"""A stopwatch inside a contender's process: CPU seconds of all threads and the highest memory, by section.

The kernel's high-water mark of resident memory is set back at the start of a section, so that each section
has a peak of its own; where that is not possible (no Linux), the peak of the process stands for it.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


class Watch:
    """Sections: `cpu_seconds`, of them `system_seconds`, `wall_seconds`, `before_bytes` and `peak_bytes`.

    A section that is entered again adds to its seconds and keeps its highest peak. What a contender has to do
    before it is measured (imports, compiling on a tiny input, opening files that all contenders are given
    open) it does outside of a section.
    """

    def __init__(self):
        self.sections = {}

    @contextmanager
    def __call__(self, section):
        before = resident_bytes()
        _forget_peak()
        began = _clocks()
        yield
        ended = _clocks()
        kept = self.sections.setdefault(
            section, {**dict.fromkeys(ended, 0.0), "before_bytes": before, "peak_bytes": 0}
        )
        for clock, now in ended.items():
            kept[clock] += now - began[clock]
        kept["peak_bytes"] = max(kept["peak_bytes"], peak_bytes())


def _clocks():
    return {
        "cpu_seconds": time.process_time(),
        "system_seconds": resource.getrusage(resource.RUSAGE_SELF).ru_stime,
        "wall_seconds": time.perf_counter(),
    }


def resident_bytes():
    """Memory of this process that is resident now."""
    return _status("VmRSS") or peak_bytes()


def peak_bytes():
    """The most that was ever resident, or since the last section began."""
    return _status("VmHWM") or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _status(name):
    if not _STATUS.exists():
        return 0
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(name + ":"))
    return int(line.split()[1]) * 1024


def _forget_peak():
    if _CLEAR.exists() and os.access(_CLEAR, os.W_OK):
        _CLEAR.write_text("5")


def main():
    """Run `module:function` with a watch and the arguments given as JSON; write what was seen to a file."""
    name, arguments, out = sys.argv[1:]
    module, function = name.split(":")
    watch = Watch()
    answer = getattr(import_module(module), function)(watch, **json.loads(arguments))
    Path(out).write_text(json.dumps({"sections": watch.sections, "answer": answer}), encoding="utf-8")


if __name__ == "__main__":
    main()
