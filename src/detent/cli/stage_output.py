"""The builds of an index as tables."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.api.builds import read_counters
from detent.core.escape import clean_text
from detent.report.text import align_columns

if TYPE_CHECKING:
    from detent.api.builds import Build, BuildComparison

_UNKNOWN = "?"


def render_table(builds: list[Build]) -> list[str]:
    """Write a table of builds, and one of the steps of the newest."""
    stages = sorted({name for build in builds for name in build["stages"]})
    head = ["", "build", "analysed", "seconds", *stages, "memory", "workers"]
    rows = [
        [
            str(number),
            build["buildId"],
            _format_count(read_counters(build).get("blobs")),
            _format_seconds(sum(stage["elapsedMs"] for stage in build["stages"].values())),
            *_format_stages(build, stages),
            _format_size(build["highWater"].get("rssPeak")),
            _format_workers(build),
        ]
        for number, build in enumerate(builds, 1)
    ]
    points = {(point["stage"], point["step"]): point for point in builds[0]["checkpoints"]}
    steps = [
        [
            *step,
            _format_seconds(point["elapsedMs"]),
            _format_size(point["memory"].get("rss")),
            _format_size(point["memory"].get("rssPeak")),
            ", ".join(
                f"{name} {_format_count(value)}"
                for name, value in point["extra"].items()
                if not isinstance(value, dict)
            ),
        ]
        for step, point in points.items()
    ]
    columns = ["stage", "step", "at", "memory", "at most", "counted"]
    lines = [
        *align_columns([head, *rows], right=range(2, len(head))),
        "",
        f"the last checkpoint of each step of {builds[0]['buildId']}",
        *align_columns([columns, *steps], right=range(2, 5)),
    ]
    return _clean_lines(lines)


def render_comparison(builds: list[Build], found: BuildComparison) -> list[str]:
    """Write two builds side by side."""
    by_name = {build["buildId"]: build for build in builds}
    compared = [by_name[name] for name in found.builds]
    stages = sorted({name for build in compared for name in build["stages"]})
    columns = zip(*(_format_stages(build, stages) for build in compared), strict=True)
    rows = [
        ["", *found.builds],
        *([f"{name} seconds", *values] for name, values in zip(stages, columns, strict=True)),
        ["memory", *(_format_size(build["highWater"].get("rssPeak")) for build in compared)],
        ["workers", *map(_format_workers, compared)],
        *([name, *map(_format_count, values)] for name, values in found.counters.items()),
    ]
    same = "all other counters are equal" if found.counters else "all counters are equal"
    lines = [*align_columns(rows, right=(1, 2)), same, f"ordering: {_describe_ordering(found)}"]
    return _clean_lines(lines)


def _describe_ordering(found: BuildComparison) -> str:
    if not found.comparable:
        return "not comparable: the input was not the same, or was not read in full"
    if found.unequal:
        return f"the same input gave different results in {', '.join(found.unequal)}"
    return "equal, of the same input"


def _format_stages(build: Build, names: list[str]) -> list[str]:
    stages = build["stages"]
    return [_format_seconds(stages[name]["elapsedMs"] if name in stages else 0.0) for name in names]


def _format_workers(build: Build) -> str:
    workers = build["highWater"].get("workers") or {}
    count = workers.get("count")
    return f"{count}, {_format_size(workers.get('rssPeak'))}" if count else "-"


def _format_seconds(milliseconds: float) -> str:
    return f"{milliseconds / 1e3:.2f}"


def _format_size(value: object) -> str:
    return f"{value / 1e6:.1f} MB" if isinstance(value, int) else _UNKNOWN


def _format_count(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else _UNKNOWN if value is None else str(value)


def _clean_lines(lines: list[str]) -> list[str]:
    return [clean_text(line) for line in lines]
