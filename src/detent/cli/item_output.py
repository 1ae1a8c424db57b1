"""The formats that list findings one by one, for editors, services and scripts."""

from __future__ import annotations

import json

from detent import TYPE_CHECKING, __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from detent.api import Repository
    from detent.cli.context import Renderer
    from detent.report.items import ReportItem

FORMATS = ("text", "json", "jsonl", "sarif", "github")


def make_item_renderers(
    list_items: Callable[[], list[ReportItem]],
    list_records: Callable[[], Iterable[tuple[str, dict[str, Any]]]],
    repository: Repository,
    *,
    at: str,
) -> dict[str, Renderer]:
    """Make what writes the items of an answer, and its records with the kind of each."""

    def render_commands() -> list[str]:
        from detent.report import github

        return github.render_workflow_commands(list_items())

    def render_lines() -> Iterator[str]:
        for kind, members in list_records():
            yield json.dumps({"kind": kind, **members})

    return {
        "jsonl": render_lines,
        "sarif": lambda: render_sarif(list_items(), repository, at),
        "github": render_commands,
    }


def render_sarif(items: list[ReportItem], repository: Repository, at: str) -> str:
    """Write items as SARIF."""
    from detent.api.explain import list_rules
    from detent.report import sarif

    sources = repository.read_lines({item.path for item in items}, at=at)
    return sarif.render_log(items, list_rules(), sources, version=__version__)
