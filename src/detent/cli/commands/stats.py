"""Show how much there is in a view, and what the index knows of it.

Examples
--------
detent stats
detent stats --at v1.0 --format json
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.context import Answer, add_common_arguments, answering, describe_view
from detent.core.escape import clean_text
from detent.report import console, data, text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator, Mapping

    from detent.api import Repository
    from detent.api.stats import IndexStats


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at="worktree")


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the command."""
    found = repository.count_facts(at=namespace.at)
    renderers = {"text": lambda: _render_text(found), "json": lambda: _render_json(found)}
    return Answer(0, renderers)


def _render_text(found: IndexStats) -> Iterator[str]:
    yield f"files:      {_format_counts(found.files)}"
    yield f"symbols:    {_format_counts(found.symbols)}"
    yield f"contents:   {found.contents:,}"
    yield f"analysed:   {_format_share(found.analysed, found.contents)}"
    yield f"references: {_format_share(found.with_references, found.contents)}"
    yield clean_text(f"index:      {found.size:,} bytes in {found.path}")
    yield f"records:    {_format_counts(found.records)}"
    yield from text.format_failures(found.failures)
    yield console.make_painter()("dim", describe_view(found.view, found.tree, found.different))


def _format_counts(counts: Mapping[str, int]) -> str:
    parts = ", ".join(f"{name} {count:,}" for name, count in counts.items())
    return f"{sum(counts.values()):,} ({parts})" if parts else "0"


def _format_share(part: int, whole: int) -> str:
    return f"{part:,} of them in the index ({part / whole:.0%})" if whole else "0"


def _render_json(found: IndexStats) -> str:
    members = found._asdict()
    members["failures"] = data.encode_failures(found.failures)
    members["path"] = data.encode_path(found.path.encode("utf-8", "surrogateescape"))
    return data.render_json("stats/1", **members)
