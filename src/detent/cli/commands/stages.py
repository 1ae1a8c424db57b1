"""Show what the last builds of the index took, stage by stage, or compare two of them.

Examples
--------
detent stages                     # the last ten builds, and the steps of the newest
detent stages --format json       # all checkpoints
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.context import add_location_arguments, open_index
from detent.core.errors import MeasurementError, UsageError
from detent.core.escape import clean_text
from detent.index.stages import record
from detent.index.stages.build import CODE
from detent.index.stages.comparison import compare_builds, read_counters
from detent.report import console, data
from detent.report.text import align_columns

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from typing import Any

    from detent.index.stages.comparison import BuildComparison

    BuildRecord = dict[str, Any]

_MISSING = "?"
_HINT = "`detent index --full` builds the index anew; `detent stages` lists the builds"


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_location_arguments(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")
    parser.add_argument(
        "--compare",
        nargs="*",
        metavar="BUILD",
        help="compare two builds, named by number or by the beginning of their names "
        "(default: 1 and 2, the last two)",
    )


def run(namespace: Namespace) -> int:
    """Run the command."""
    _, index = open_index(namespace)
    place = record.choose_audit_folder(index.path)
    builds = record.load_builds(place, CODE)
    if not builds:
        raise MeasurementError(f"no build has left an audit in {place}", _HINT)
    if namespace.compare is None:
        lines = _render_table(builds)
        document = data.render_json("stages/1", builds=builds)
    else:
        if len(builds) < 2:
            raise MeasurementError("there is only one build: none to compare it with", _HINT)
        two = [_find_build(builds, name) for name in _complete_build_names(namespace.compare)]
        found = compare_builds(two[0], two[1])
        lines = _render_comparison(two, found)
        document = data.render_json("stages/1", compare=found._asdict())
    console.write_line(
        document if namespace.format == "json" else "\n".join(map(clean_text, lines))
    )
    return 0


def _complete_build_names(names: list[str]) -> list[str]:
    """Complete what is to be compared: with nothing the last two, with one that and the last."""
    if len(names) > 2:
        raise UsageError(f"{len(names)} builds cannot be compared, only two", _HINT)
    return {0: ["2", "1"], 1: [*names, "1"]}.get(len(names), names)


def _find_build(builds: list[BuildRecord], name: str) -> BuildRecord:
    if name.isdecimal() and len(name) < 3:
        found = builds[int(name) - 1 : int(name)]
    else:
        found = [one for one in builds if one["buildId"].startswith(name)]
    if len(found) != 1:
        what = "no build" if not found else f"{len(found)} builds"
        raise UsageError(f"there is {what} named {name!r} among the last {len(builds)}", _HINT)
    return found[0]


def _render_table(builds: list[BuildRecord]) -> list[str]:
    names = sorted({name for one in builds for name in one["stages"]})
    head = ["", "build", "analysed", "seconds", *names, "memory", "workers"]
    rows = [
        [
            str(number),
            one["buildId"],
            _format_count(read_counters(one).get("blobs")),
            _format_seconds(sum(map(_read_elapsed, one["stages"].values()))),
            *(_format_seconds(_read_elapsed(one["stages"].get(name))) for name in names),
            _format_size(one["highWater"].get("rssPeak")),
            _format_workers(one),
        ]
        for number, one in enumerate(builds, 1)
    ]
    steps = [
        [
            one["stage"],
            one["step"],
            _format_seconds(one["elapsedMs"]),
            _format_size(one["memory"].get("rss")),
            _format_size(one["memory"].get("rssPeak")),
            ", ".join(
                f"{name} {_format_count(value)}"
                for name, value in _drop_nested_values(one["extra"]).items()
            ),
        ]
        for one in {(one["stage"], one["step"]): one for one in builds[0]["checkpoints"]}.values()
    ]
    what = ["stage", "step", "at", "memory", "at most", "counted"]
    return [
        *align_columns([head, *rows], right=range(2, len(head))),
        "",
        f"the last checkpoint of each step of {builds[0]['buildId']}",
        *align_columns([what, *steps], right=range(2, 5)),
    ]


def _render_comparison(two: list[BuildRecord], found: BuildComparison) -> list[str]:
    names = sorted({name for one in two for name in one["stages"]})
    rows = [["", *(one["buildId"] for one in two)]]
    rows += [
        [
            f"{name} seconds",
            *(_format_seconds(_read_elapsed(one["stages"].get(name))) for one in two),
        ]
        for name in names
    ]
    rows.append(["memory", *(_format_size(one["highWater"].get("rssPeak")) for one in two)])
    rows.append(["workers", *map(_format_workers, two)])
    rows += [[name, *map(_format_count, values)] for name, values in found.counters.items()]
    same = "all other counters are equal" if found.counters else "all counters are equal"
    return [*align_columns(rows, right=(1, 2)), same, f"ordering: {_describe_ordering(found)}"]


def _describe_ordering(found: BuildComparison) -> str:
    if not found.comparable:
        return "not comparable: the input was not the same, or was not read in full"
    if found.unequal:
        return f"the same input came out otherwise in {', '.join(found.unequal)}"
    return "equal, of the same input"


def _read_elapsed(stage: BuildRecord | None) -> float:
    return float(stage["elapsedMs"]) if stage else 0.0


def _format_workers(one: BuildRecord) -> str:
    workers = one["highWater"].get("workers") or {}
    count = workers.get("count")
    return f"{count}, {_format_size(workers.get('rssPeak'))}" if count else "-"


def _drop_nested_values(extra: BuildRecord) -> BuildRecord:
    return {name: value for name, value in extra.items() if not isinstance(value, dict)}


def _format_seconds(milliseconds: float) -> str:
    return f"{milliseconds / 1e3:.2f}"


def _format_size(value: object) -> str:
    return f"{value / 1e6:.1f} MB" if isinstance(value, int) else _MISSING


def _format_count(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else _MISSING if value is None else str(value)
