"""Check the limits of the settings."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.context import Answer, answering
from detent.core.escape import clean_text
from detent.core.results import EXCEEDED, NOT_MEASURED
from detent.report import console, data, measures

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable

    from detent.api import Repository
    from detent.core.results import CheckResult, LimitResult

_NO_LIMITS = "no limits are set: see [[tool.detent.budget.limit]] in docs/settings.md"


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the action."""
    result = repository.check(namespace.at, base=namespace.base, gate="none")
    renderers = {"text": lambda: _render_text(result), "json": lambda: _render_json(result)}
    return Answer(choose_exit_status(result.limit_results), renderers, result.unused_exemptions)


def choose_exit_status(results: Iterable[LimitResult]) -> int:
    """Choose the exit status by the results of limits."""
    statuses = {result.status for result in results}
    if EXCEEDED in statuses:
        return 1
    return 3 if NOT_MEASURED in statuses else 0


def _render_text(result: CheckResult) -> list[str]:
    lines = [
        f"{limit.status:<14} {measures.format_limit_name(limit)}: {clean_text(limit.reason)}"
        for limit in result.limit_results
    ]
    lines += measures.format_loosened(result.loosened, console.make_painter())
    return lines if result.limit_results else [*lines, _NO_LIMITS]


def _render_json(result: CheckResult) -> str:
    entries = [data.encode_limit_result(limit) for limit in result.limit_results]
    return data.render_json(
        "budget/1", budget=entries, loosened=data.encode_loosened(result.loosened)
    )
