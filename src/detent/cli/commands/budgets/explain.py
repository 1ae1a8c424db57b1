"""Show which symbols and files changed the value of a metric, and by how much.

Examples
--------
detent budget explain docstring.undocumented --base main
detent budget explain code.complexity.max
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.context import Answer, answering
from detent.core.escape import clean_text
from detent.report import data

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.api import Repository
    from detent.api.budget import ItemChange, MetricExplanation

#: So many symbols and files are shown; ``--format json`` has all of them.
_MOST = 20


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the action."""
    parser.add_argument("metric", metavar="METRIC", help="one of `detent budget metrics`")


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the action."""
    found = repository.explain_metric(namespace.metric, at=namespace.at, base=namespace.base)
    return Answer(0, {"text": lambda: _render_text(found), "json": lambda: _render_json(found)})


def _render_text(found: MetricExplanation) -> list[str]:
    metric = found.metric
    head = f"{clean_text(metric.name)}: {found.after:.6g} {metric.unit}".rstrip()
    if found.before is not None:
        head += f", {found.before:.6g} in the base: {found.after - found.before:+.6g}"
    lines = [head, *(_render_part(part) for part in found.parts[:_MOST])]
    if len(found.parts) > _MOST:
        lines.append(f"and {len(found.parts) - _MOST:,} more: --format json has them")
    if len(found.by_file) > 1 and metric.scope in ("file", "change"):
        files = list(found.by_file.items())[:_MOST]
        lines += ["", "by file:"]
        lines += [f"  {change:>+8.6g}  {clean_text(path)}" for path, change in files]
    return lines


def _render_part(part: ItemChange) -> str:
    place = f"{part.path}:{part.line}" if part.path and part.line else part.path
    words = clean_text(" ".join(word for word in (place, part.code, part.name) if word))
    if part.before is None:
        note = "new"
    else:
        note = "removed" if part.after is None else f"{part.before:.6g} to {part.after:.6g}"
    return f"  {part.change:>+8.6g}  {words} ({note})"


def _render_json(found: MetricExplanation) -> str:
    return data.render_json(
        "explain/1",
        metric=found.metric.name,
        unit=found.metric.unit,
        before=found.before,
        after=found.after,
        parts=[{**part._asdict(), "change": part.change} for part in found.parts],
        files=found.by_file,
    )
