"""Show which symbols and files made a metric worse or better, and by how much.

Examples
--------
detent budget explain docstring.undocumented --base main
detent budget explain code.complexity.max
"""

from __future__ import annotations

from detent import TYPE_CHECKING, config
from detent.api.check import account, compared
from detent.api.view import whole_view
from detent.audit.codes import CODES
from detent.budget import explain
from detent.budget.limits import AFTER, BASE, BEFORE, GONE, NEW, WHOLE
from detent.budget.rules import named
from detent.cli.context import open_index, say
from detent.config import Limit
from detent.core.escape import clean
from detent.core.namedtuple import NamedTuple
from detent.index.project import subject_of
from detent.index.refresh import refresh
from detent.report import console, data

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.budget.explain import Part
    from detent.budget.metrics import Item, Metric
    from detent.budget.source import Account
    from detent.index.project import Subject

#: So many symbols and files are shown; ``--format json`` has them all.
_MOST = 20


class _Explained(NamedTuple):
    """A metric on two sides, and what differs."""

    metric: Metric
    before: float | None
    after: float
    parts: list[Part]


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the action.

    Parameters
    ----------
    parser : ArgumentParser
        The parser of ``detent budget explain``.
    """
    parser.add_argument("metric", metavar="METRIC", help="one of `detent budget metrics`")


def run(namespace: Namespace) -> int:
    """Run the action.

    Parameters
    ----------
    namespace : Namespace
        What the parser made of the arguments.

    Returns
    -------
    int
        The exit status: 0.
    """
    repo, index = open_index(namespace)
    subject = subject_of(repo, config.load(repo.top), index)
    metric, limit = chosen(subject, namespace.metric)
    found = index.healed(lambda: _explained(subject, namespace, metric, limit=limit))
    say(index.notes)
    if namespace.format == "json":
        console.write(_json(found))
    else:
        for line in _lines(found):
            console.write(line)
    index.close()
    return 0


def chosen(subject: Subject, name: str) -> tuple[Metric, Limit]:
    """Find the metric that a person named.

    Parameters
    ----------
    subject : Subject
        Its settings have the queries of metrics in SQL.
    name : str
        Without wildcards.

    Returns
    -------
    Metric
        The metric.
    Limit
        A limit on it, from the settings if it is in SQL.

    Raises
    ------
    UsageError
        If there is no such metric.
    """
    queries = {one.metric: one for one in subject.config.limits if one.sql}
    return named(name, CODES, queries), queries.get(name, Limit(name))


def _explained(
    subject: Subject, namespace: Namespace, metric: Metric, *, limit: Limit
) -> _Explained:
    view = namespace.at
    refresh(subject.repo, subject.door, view, progress=console.progress("indexing"))
    two = compared(subject, view, namespace.base)
    source = account(subject, view, two=two, whole=whole_view(subject, view))
    if metric.scope == "index":
        return _Explained(metric, None, metric.fold(source.items(metric, limit, WHOLE)), [])
    before, after = _sides(source, metric, limit)
    renames = {
        new.decode("utf-8", "replace"): old.decode("utf-8", "replace")
        for new, old in two.renames.items()
    }
    found = explain.parts(before, after, renames)
    if metric.scope == "change":
        return _Explained(metric, None, metric.fold(after), found)
    base, head = (metric.fold(source.items(metric, limit, side)) for side in (BASE, WHOLE))
    return _Explained(metric, base, head, found)


def _sides(source: Account, metric: Metric, limit: Limit) -> list[list[Item]]:
    """Take the sides that tell the difference: findings are known again wherever they are."""
    if metric.scope == "change":
        return [[], list(source.items(metric, limit, NEW))]
    if metric.by_identity:
        sides = (GONE, NEW)
    else:
        sides = (BEFORE, AFTER) if metric.scope == "file" else (BASE, WHOLE)
    return [list(source.items(metric, limit, side)) for side in sides]


def _lines(found: _Explained) -> list[str]:
    metric = found.metric
    name = clean(metric.name)
    head = f"{name}: {found.after:.6g} {metric.unit}".rstrip()
    if found.before is not None:
        head += f", {found.before:.6g} in the base: {found.after - found.before:+.6g}"
    shown = [_line(one) for one in found.parts[:_MOST]]
    rest = len(found.parts) - len(shown)
    lines = [head, *shown, *([f"and {rest:,} more: --format json has them"] if rest else [])]
    files = explain.by_file(found.parts)
    if len(files) > 1 and metric.scope in ("file", "change"):
        lines += ["", "by file:"]
        lines += [f"  {change:>+8.6g}  {clean(path)}" for path, change in [*files.items()][:_MOST]]
    return lines


def _line(one: Part) -> str:
    place = ":".join([one.path, *([str(one.line)] if one.line else [])]) if one.path else ""
    words = clean(" ".join(word for word in (place, one.code, one.name) if word))
    if one.before is None or one.after is None:
        return f"  {one.change:>+8.6g}  {words} ({'new' if one.before is None else 'gone'})"
    return f"  {one.change:>+8.6g}  {words} ({one.before:.6g} to {one.after:.6g})"


def _json(found: _Explained) -> str:
    return data.document(
        "explain/1",
        metric=found.metric.name,
        unit=found.metric.unit,
        before=found.before,
        after=found.after,
        parts=[{**one._asdict(), "change": one.change} for one in found.parts],
        files=explain.by_file(found.parts),
    )
