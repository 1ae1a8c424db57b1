"""What the last builds of the index took."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.errors import MeasurementError, UsageError
from detent.index.stages import record
from detent.index.stages.comparison import BuildComparison, compare_records, read_counters

if TYPE_CHECKING:
    from typing import Any

    Build = dict[str, Any]

__all__ = ["BuildComparison", "compare_builds", "list_builds", "read_counters"]

_HINT = "`detent index --full` builds the index again; `detent stages` lists the builds"


def list_builds(store: str) -> list[Build]:
    """List the records of the last builds of an index, the newest first."""
    folder = record.choose_audit_folder(store)
    builds = record.load_builds(folder)
    if not builds:
        raise MeasurementError(f"no build has left a record in {folder}", _HINT)
    return builds


def compare_builds(builds: list[Build], first: str, second: str) -> BuildComparison:
    """Compare two of some builds."""
    if len(builds) < 2:
        raise MeasurementError("there is only one build: none to compare it with", _HINT)
    return compare_records(find_build(builds, first), find_build(builds, second))


def find_build(builds: list[Build], name: str) -> Build:
    """Find a build by its number, or by the beginning of its name."""
    if name.isdecimal() and len(name) < 3:
        found = builds[int(name) - 1 : int(name)]
    else:
        found = [build for build in builds if build["buildId"].startswith(name)]
    if len(found) != 1:
        what = "no build" if not found else f"{len(found)} builds"
        raise UsageError(f"there is {what} named {name!r} among the last {len(builds)}", _HINT)
    return found[0]
