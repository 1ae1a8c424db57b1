"""The files of the stage audit: the last builds, and the state that the next one compares with."""

from __future__ import annotations

import json
import os
import os.path
import time
from contextlib import suppress

from detent import TYPE_CHECKING
from detent.core.files import write_atomically
from detent.index.stages.ledger import find_mismatches
from detent.index.stages.recorder import raise_marks
from detent.store import is_managed_index

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from detent.index.stages.recorder import Checkpoint, StageRecorder, StageTotals

AUDIT_VERSION = 1
#: How many builds are kept.
KEPT_BUILDS = 10
_STATE_FILE = "build_state.json"


def choose_audit_folder(store: str) -> str:
    """Choose where the audits of a store are kept."""
    return os.path.dirname(store) if is_managed_index(store) else f"{store}-stages"


def save_audit(
    place: str,
    recorder: StageRecorder,
    ledger: dict[str, Any] | None,
    *,
    mode: str,
    workers: Sequence[int],
) -> list[str] | None:
    """Write the audit of a build; what cannot be written is left."""
    text = f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime(recorder.epoch))}"
    build = f"{text}{recorder.epoch % 1 * 1e6:06.0f}Z-{os.getpid():x}"
    audit = _render_audit(recorder, build, mode=mode, workers=workers)
    if ledger is not None:
        audit["orderingLedger"] = ledger
    metrics, kept = os.path.join(place, "metrics"), os.path.join(place, _STATE_FILE)
    found = None
    try:
        os.makedirs(metrics, exist_ok=True)
        written = json.dumps(audit)
        for name in (f"stage-audit-{mode}-{build}.json", f"stage-audit-{mode}.json"):
            write_atomically(os.path.join(metrics, name), written)
        for name in _list_audit_files(metrics, mode)[KEPT_BUILDS:]:
            with suppress(FileNotFoundError):
                os.unlink(os.path.join(metrics, name))
        state, found = _update_state(kept, audit, mode=mode)
        write_atomically(kept, json.dumps(state))
    except OSError:
        pass
    return found


def load_builds(place: str, mode: str) -> list[dict[str, Any]]:
    """Read the audits of the last builds."""
    metrics = os.path.join(place, "metrics")
    found = (_read_json(os.path.join(metrics, name)) for name in _list_audit_files(metrics, mode))
    return [audit for audit in found if _is_valid_audit(audit)]


def _is_valid_audit(audit: dict[str, Any]) -> bool:
    """Tell an audit from a file that was edited, or that another version wrote."""
    try:
        timed = [*audit["checkpoints"], *audit["stages"].values()]
        return (
            audit["version"] == AUDIT_VERSION
            and isinstance(audit["buildId"], str)
            and isinstance(audit["highWater"], dict)
            and all(isinstance(one["elapsedMs"], (int, float)) for one in timed)
            and all(isinstance(one["extra"], dict) for one in audit["checkpoints"])
            and all(isinstance(one["memory"], dict) for one in audit["checkpoints"])
        )
    except (AttributeError, KeyError, TypeError):
        return False


def _list_audit_files(metrics: str, mode: str) -> list[str]:
    try:
        names = os.listdir(metrics)
    except OSError:
        return []
    head = f"stage-audit-{mode}-"
    return sorted((n for n in names if n.startswith(head) and n.endswith(".json")), reverse=True)


def _read_json(path: str) -> dict[str, Any]:
    try:
        with open(path, "rb") as file:
            found = json.load(file)
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _render_audit(
    recorder: StageRecorder, build: str, *, mode: str, workers: Sequence[int]
) -> dict[str, Any]:
    high: dict[str, Any] = {**recorder.high, "extra": {}, "peaksPerStage": recorder.resets}
    high["workers"] = {"count": len(workers), "rssPeak": max(workers, default=None)}
    for stage in recorder.stages.values():
        raise_marks(high["extra"], stage.extra)
    return {
        "version": AUDIT_VERSION,
        "generatedAt": _format_time(time.time()),
        "buildId": build,
        "mode": mode,
        "checkpoints": [_render_checkpoint(one) for one in recorder.checkpoints],
        "stages": {
            name: _render_stage(stage, recorder.epoch) for name, stage in recorder.stages.items()
        },
        "highWater": high,
    }


def _render_checkpoint(one: Checkpoint) -> dict[str, Any]:
    return {
        "at": _format_time(one.at),
        "elapsedMs": round(one.elapsed * 1e3, 3),
        "stage": one.stage,
        "step": one.step,
        "memory": one.memory,
        "extra": one.extra,
    }


def _render_stage(stage: StageTotals, epoch: float) -> dict[str, Any]:
    return {
        "startedAt": _format_time(epoch + stage.began),
        "finishedAt": _format_time(epoch + stage.ended),
        "elapsedMs": round(stage.seconds * 1e3, 3),
        "checkpointCount": stage.checkpoints,
        "memoryHighWater": stage.memory,
        "extraHighWater": stage.extra,
    }


def _format_time(seconds: float) -> str:
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return f"{whole}.{int(seconds % 1 * 1e3):03}Z"


def _update_state(
    path: str, audit: dict[str, Any], *, mode: str
) -> tuple[dict[str, Any], list[str] | None]:
    """Give the new state, and what differs from an earlier build of the same input."""
    old = _read_json(path)
    others = old.get("stageCheckpoints")
    state: dict[str, Any] = {
        "version": AUDIT_VERSION,
        "buildId": audit["buildId"],
        "stageCheckpoints": {
            **(others if isinstance(others, dict) else {}),
            mode: audit["checkpoints"],
        },
    }
    ledgers = _list_ledgers(old)
    ledger = audit.get("orderingLedger")
    if ledger is None:
        return {**state, "earlierLedgers": ledgers[:KEPT_BUILDS]}, None
    same = [one for one in ledgers if one["seeds"] == ledger["seeds"]]
    earlier = [one for one in ledgers if one not in same]
    state |= {"orderingLedger": ledger, "earlierLedgers": earlier[:KEPT_BUILDS]}
    return state, find_mismatches(ledger, same[0]) if same else None


def _list_ledgers(state: dict[str, Any]) -> list[dict[str, Any]]:
    earlier = state.get("earlierLedgers")
    found = [state.get("orderingLedger"), *(earlier if isinstance(earlier, list) else ())]
    return [one for one in found if isinstance(one, dict) and "seeds" in one]
