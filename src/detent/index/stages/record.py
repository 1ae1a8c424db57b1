"""The record of one build: what each stage took, built and written in its JSON form."""

from __future__ import annotations

import json
import os
import os.path
import sys
import time
from contextlib import suppress

from detent import TYPE_CHECKING
from detent.core.files import make_directory, read_small_file, write_atomically
from detent.index.stages.comparison import find_mismatches, has_same_input
from detent.index.stages.memory import measure_memory, reset_peak
from detent.store import is_managed_index

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

#: How many builds are kept.
KEPT_BUILDS = 10
#: What the files are indexed as; other modes are to come.
CODE = "code"
_VERSION = 1
#: Many times what a record takes.
_MOST_BYTES = 10_000_000
_MOST = 10**15
_FILE_NAME = f"stage-audit-{CODE}"
_STATE_FILE = "build_state.json"


class BuildRecord:
    """Times, memory and counters of one build.

    Each lap gives the time since the one before to a stage, which a build enters many times.
    """

    def __init__(self, began: float) -> None:
        self._began = began
        self._epoch = time.time() - (time.perf_counter() - began)
        self._elapsed = 0.0
        self._stages: dict[str, dict[str, Any]] = {}
        identifier = time.strftime("%Y%m%dT%H%M%S", time.gmtime(self._epoch))
        self.data: dict[str, Any] = {
            "version": _VERSION,
            "buildId": f"{identifier}{self._epoch % 1 * 1e6:06.0f}Z-{os.getpid():x}",
            "mode": CODE,
            "checkpoints": [],
            "stages": self._stages,
            "highWater": {"extra": {}, "peaksPerStage": reset_peak()},
        }

    def add_lap(self, name: str, step: str, counters: Mapping[str, Any]) -> None:
        """End a lap; one with a step is a checkpoint as well."""
        elapsed = time.perf_counter() - self._began
        now = _format_time(self._epoch + elapsed)
        rss, peak = measure_memory()
        memory = {"rss": rss, "rssPeak": peak, "allocatedBlocks": sys.getallocatedblocks()}
        stage = self._stages.get(name) or self._start_stage(name)
        stage["finishedAt"] = now
        stage["elapsedMs"] += (elapsed - self._elapsed) * 1e3
        self._elapsed = elapsed
        _raise_marks(stage["memoryHighWater"], memory)
        _raise_marks(self.data["highWater"], memory)
        if step:
            stage["checkpointCount"] += 1
            _raise_marks(stage["extraHighWater"], counters)
            _raise_marks(self.data["highWater"]["extra"], counters)
            self.data["checkpoints"].append(
                {
                    "at": now,
                    "elapsedMs": round(elapsed * 1e3, 3),
                    "stage": name,
                    "step": step,
                    "memory": memory,
                    "extra": dict(counters),
                }
            )
        reset_peak()

    def _start_stage(self, name: str) -> dict[str, Any]:
        self._stages[name] = {
            "startedAt": _format_time(self._epoch + self._elapsed),
            "finishedAt": "",
            "elapsedMs": 0.0,
            "checkpointCount": 0,
            "memoryHighWater": {},
            "extraHighWater": {},
        }
        return self._stages[name]

    def list_metrics(self) -> Iterator[tuple[str, int]]:
        """List the counters that can have limits."""
        for name, stage in self._stages.items():
            for counter, value in stage["extraHighWater"].items():
                yield f"stage.{name}.{counter}", value
            if "rssPeak" in stage["memoryHighWater"]:
                yield f"stage.{name}.rss_peak_bytes", stage["memoryHighWater"]["rssPeak"]

    def save(self, folder: str) -> list[str] | None:
        """Write the record; give the artifacts that differ from an earlier build of the same input.

        None if there was no such build, or if the record cannot be written.
        """
        self.data["generatedAt"] = _format_time(time.time())
        for stage in self._stages.values():
            stage["elapsedMs"] = round(stage["elapsedMs"], 3)
        metrics = os.path.join(folder, "metrics")
        earlier = _find_build_of_same_input(metrics, self.data)
        state = {
            "version": _VERSION,
            "buildId": self.data["buildId"],
            "stageCheckpoints": {CODE: self.data["checkpoints"]},
            "orderingLedger": self.data.get("orderingLedger"),
        }
        try:
            make_directory(metrics)
            mode = os.stat(folder).st_mode & 0o666
            text = json.dumps(self.data)
            for name in (f"{_FILE_NAME}-{self.data['buildId']}.json", f"{_FILE_NAME}.json"):
                write_atomically(os.path.join(metrics, name), text, mode=mode)
            write_atomically(os.path.join(folder, _STATE_FILE), json.dumps(state), mode=mode)
        except OSError:
            return None
        for name in _list_files(metrics)[KEPT_BUILDS:]:
            with suppress(OSError):
                os.unlink(os.path.join(metrics, name))
        return find_mismatches(self.data, earlier) if earlier else None


def choose_audit_folder(store: str) -> str:
    """Choose where the records of a store are kept."""
    return os.path.dirname(store) if is_managed_index(store) else f"{store}-stages"


def load_builds(folder: str) -> list[dict[str, Any]]:
    """Load the records of the last builds, the newest first."""
    return list(_load_records(os.path.join(folder, "metrics")))


def _find_build_of_same_input(metrics: str, data: Mapping[str, Any]) -> dict[str, Any] | None:
    """Find the last build that had the same input as this one; most had another."""
    ledger = data.get("orderingLedger")
    if ledger is None:
        return None
    records = _load_records(metrics, ledger["seeds"]["discoveryHash"])
    return next((record for record in records if has_same_input(record, data)), None)


def _load_records(metrics: str, mentioned: str = "") -> Iterator[dict[str, Any]]:
    """Load the records that mention a text, the newest first."""
    for name in _list_files(metrics):
        try:
            text = read_small_file(os.path.join(metrics, name), _MOST_BYTES)
            if mentioned.encode() not in text:
                continue
            record = json.loads(text)
        except (OSError, ValueError, RecursionError):
            continue
        if _is_valid_record(record):
            yield record


def _list_files(metrics: str) -> list[str]:
    try:
        names = os.listdir(metrics)
    except OSError:
        return []
    return sorted(
        (name for name in names if name.startswith(f"{_FILE_NAME}-") and name.endswith(".json")),
        reverse=True,
    )


def _is_valid_record(record: Any) -> bool:
    """Tell a record from a file that was edited, or that another version wrote."""
    try:
        return (
            record["version"] == _VERSION
            and all(isinstance(value, types) for value, types in _list_typed_values(record))
            and _has_small_numbers(record)
        )
    except (AttributeError, KeyError, TypeError, RecursionError):
        return False


def _list_typed_values(record: Any) -> Iterator[tuple[object, type | tuple[type, ...]]]:
    """List what is read of a record later, with the types that it must have."""
    yield record["buildId"], str
    yield record["highWater"], dict
    yield record["highWater"].get("workers") or {}, dict
    for part in (*record["checkpoints"], *record["stages"].values()):
        yield part["elapsedMs"], (int, float)
    for point in record["checkpoints"]:
        yield from ((point[name], str) for name in ("stage", "step"))
        yield from ((point[name], dict) for name in ("extra", "memory"))


def _has_small_numbers(value: object) -> bool:
    """Tell whether all numbers are such as a build can count."""
    if isinstance(value, dict):
        return all(map(_has_small_numbers, value.values()))
    if isinstance(value, list):
        return all(map(_has_small_numbers, value))
    return not isinstance(value, (int, float)) or -_MOST < value < _MOST


def _raise_marks(marks: dict[str, Any], values: Mapping[str, Any]) -> None:
    """Raise high-water marks; what is not a number has none."""
    for name, value in values.items():
        if isinstance(value, int):
            marks[name] = max(value, marks.get(name, value))


def _format_time(seconds: float) -> str:
    date = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return f"{date}.{int(seconds % 1 * 1e3):03}Z"
