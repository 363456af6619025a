"""Not making again what is there: a step whose code, settings and data are as they were keeps what it made.

After a step its files are written down with their sizes and the times of their last change, together with a
digest of everything that decided what is in them: the code that the step rests on and no other, the
statements and tables of Vouch, the settings of the step, its day, and what was written down of each step
that it rests on, back to the files of the inputs. The next time that digest is the same and the files are
untouched, the step is not run. So a run that was killed goes on where it stopped, a run in which nothing
changed makes nothing, and a change of anything makes what rests on it again.

A step that is handed something of which no digest is known, such as the present, is always run.
"""

import functools
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg

from assets.partitions import DATA_TAG, audience_and_day
from assets.ports import Lake
from assets.source_digest import source_digest

KEPT = "nothing that it rests on has changed"
"""What a run says of a step that was not made again, and why."""

_INPUTS = "input_tables"
_NOT_OF_THE_INPUTS = "made_from.json"  # says when they were read, which changes nothing
_WRITTEN_DOWN = {"key", "made_at", "files", "metadata", "checks"}
_AWAY = ".partial"  # half-made files of somebody else

Make = Callable[..., dg.MaterializeResult]


def kept_if_unchanged(make: Make, *, is_of_the_day: bool = True) -> Make:
    """A step that is run only where something that it rests on has changed.

    Args:
        make: The step; a function with a context and resources that returns one result.
        is_of_the_day: Whether the day itself decides what it makes; what does not depend on it is taken over
            from an earlier day.
    """

    @functools.wraps(make)
    def step(context: dg.AssetExecutionContext, **given: Any) -> dg.MaterializeResult:
        known = _step(context, make.__module__, given, is_of_the_day=is_of_the_day)
        if known is None:
            return make(context, **given)
        kept = known.kept()
        if kept is not None:
            return kept
        before = known.files()
        known.record.unlink(missing_ok=True)
        result = make(context, **given)
        known.keep(result, before)
        return result

    return step


@dataclass(frozen=True)
class _Step:
    """One step of one day, of which everything that decides its result is known.

    Attributes:
        lake: Where its files are.
        day: Its day.
        folders: Where it may write.
        record: Where it is written down.
        key: Digest of what decides its result.
        earlier: Days of which the same step may stand for it, the latest first.
    """

    lake: Lake
    day: str
    folders: tuple[Path, ...]
    record: Path
    key: str
    earlier: tuple[str, ...] = ()

    def files(self) -> dict[str, list[int]]:
        """Every file where the step may write, with its size and the time of its last change."""
        paths = (path for folder in self.folders for path in folder.rglob("*"))
        return _states(_root(self.lake, self.day), paths)

    def kept(self) -> dg.MaterializeResult | None:
        """The result as it was made, where it still stands, here or on an earlier day."""
        for day in (self.day, *self.earlier):
            record = self.record if day == self.day else self.lake.records(day) / self.record.name
            known, root = _read(record), _root(self.lake, day)
            if known is None or known["key"] != self.key or not _stand(root, known["files"]):
                continue
            if day != self.day:
                _take_over(root, _root(self.lake, self.day), known["files"])
                self.lake.write_json(self.record, known)
            return _result(known)
        return None

    def keep(self, result: dg.MaterializeResult, before: Mapping[str, list[int]]) -> None:
        """Write down what was made."""
        checks = list(result.check_results or [])
        if any(not check.passed and check.severity == dg.AssetCheckSeverity.ERROR for check in checks):
            return
        made = {name: state for name, state in self.files().items() if before.get(name) != state}
        if not made:
            return
        self.lake.write_json(
            self.record,
            {
                "key": self.key,
                "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
                "files": made,
                "metadata": _document(result.metadata),
                "checks": [
                    {
                        "name": check.check_name,
                        "passed": check.passed,
                        "severity": check.severity.value,
                        "metadata": _document(check.metadata),
                    }
                    for check in checks
                ],
            },
        )


def _step(
    context: dg.AssetExecutionContext, module: str, given: Mapping[str, Any], *, is_of_the_day: bool
) -> _Step | None:
    """What is known of the step that is about to run; None where that is not everything."""
    lake = given.get("lake")
    if lake is None or not hasattr(lake, "records") or not context.has_partition_key:
        return None
    if isinstance(context.partition_key, dg.MultiPartitionKey):
        audience, day = audience_and_day(context)
        folders, records = (lake.audience(day, audience),), lake.records(day, audience)
    else:
        audience, day = "", context.partition_key
        folders, records = (lake.graph(day), lake.shill(day)), lake.records(day)
    name = context.asset_key.to_user_string()
    rests_on = _rests_on(context, lake, day, records)
    code, resources = source_digest(module), _digests(given)
    if rests_on is None or code is None or resources is None:
        return None
    config = given.get("config")
    decides = {
        "name": name,
        "audience": audience,
        "day": day if is_of_the_day else "",
        "code": code,
        "config": config.model_dump() if config is not None else {},
        "data": context.run.tags.get(DATA_TAG) if audience else None,
        "resources": resources,
        "rests_on": rests_on,
    }
    key = hashlib.sha256(json.dumps(decides, sort_keys=True, default=str).encode()).hexdigest()
    record = records / f"{name}.json"
    earlier = () if is_of_the_day else tuple(lake.days_before(day))
    return _Step(lake, day, folders, record, key, earlier)


def _rests_on(
    context: dg.AssetExecutionContext, lake: Lake, day: str, records: Path
) -> dict[str, Any] | None:
    """What was written down of every step that this one rests on; None where one of them is not known."""
    found: dict[str, Any] = {}
    for dep in context.assets_def.asset_deps[context.asset_key]:
        name = dep.to_user_string()
        if name == _INPUTS:
            inputs = lake.inputs(day)
            paths = (path for path in inputs.rglob("*") if path.name != _NOT_OF_THE_INPUTS)
            found[name] = _states(inputs, paths)
            continue
        known = _read(records / f"{name}.json") or _read(lake.records(day) / f"{name}.json")
        if known is None or not _stand(_root(lake, day), known["files"]):
            return None
        found[name] = [known["key"], known["files"]]
    return found


def _digests(given: Mapping[str, Any]) -> dict[str, str] | None:
    """What each resource says decides what it hands out; None where one does not say it."""
    resources = {name: value for name, value in given.items() if name != "config"}
    if not all(hasattr(value, "digest") for value in resources.values()):
        return None
    return {name: value.digest() for name, value in resources.items()}


def _root(lake: Lake, day: str) -> Path:
    """The folder of a day."""
    return lake.inputs(day).parent


def _states(root: Path, paths: Iterable[Path]) -> dict[str, list[int]]:
    return {
        path.relative_to(root).as_posix(): [stat.st_size, stat.st_mtime_ns]
        for path in sorted(paths)
        if path.is_file() and _AWAY not in path.name and (stat := path.stat())
    }


def _stand(root: Path, files: Mapping[str, list[int]]) -> bool:
    """Whether all files are as they were written down."""
    return _states(root, (root / name for name in files)) == files


def _take_over(former: Path, root: Path, files: Iterable[str]) -> None:
    """Link files of another day, or copy them where the system does not link."""
    for name in files:
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        try:
            os.link(former / name, target)
        except OSError:
            shutil.copy2(former / name, target)


def _read(record: Path) -> dict[str, Any] | None:
    """What was written down of a step; nothing where that cannot be read."""
    try:
        known = json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return known if isinstance(known, dict) and known.keys() >= _WRITTEN_DOWN else None


def _result(known: Mapping[str, Any]) -> dg.MaterializeResult:
    """What the step returned when it was run, and that it was not run now."""
    return dg.MaterializeResult(
        metadata={**_metadata(known["metadata"]), "note": KEPT, "made at": known["made_at"]},
        check_results=[
            dg.AssetCheckResult(
                check_name=check["name"],
                passed=check["passed"],
                severity=dg.AssetCheckSeverity(check["severity"]),
                metadata=_metadata(check["metadata"]),
            )
            for check in known["checks"]
        ],
    )


def _document(metadata: Any) -> Any:
    """What a step says of what it made, as JSON holds it."""
    return json.loads(dg.serialize_value(dict(metadata or {})))


def _metadata(kept: Any) -> dict[str, Any]:
    return dg.deserialize_value(json.dumps(kept), dict)
