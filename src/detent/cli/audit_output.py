"""The findings of an audit, a rule's page and what was fixed, as text or JSON."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.context import Answer
from detent.cli.finding_output import describe_pending_files, render_exclusions, render_findings
from detent.cli.item_output import make_item_renderers
from detent.core.escape import clean_path, clean_text
from detent.report import console, data, text

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterable, Iterator
    from typing import Any

    from detent.api import Repository
    from detent.api.audit import AuditResult
    from detent.api.explain import RulePage
    from detent.api.fix import FixResult
    from detent.cli.context import Renderer
    from detent.report.items import ReportItem

_COLOURS = {"-": "red", "+": "green", "@": "cyan"}


def render_audit(
    found: AuditResult, repository: Repository, namespace: Namespace, *, summary: str
) -> list[str]:
    """Write findings as text, with a summary of what was fixed before."""
    failed = text.format_failures(found.failures)
    if namespace.quiet:
        errors = [finding for finding in found.findings if finding.severity == "error"]
        return render_findings(errors, repository, namespace.at) + failed
    listed = [*found.findings, *found.notes]
    lines = render_findings(listed, repository, namespace.at) + failed
    if namespace.verbose:
        lines += render_exclusions(repository.list_exclusions(namespace.paths, at=namespace.at))
    lines += describe_pending_files(repository.list_pending_files(namespace.paths, at=namespace.at))
    total = f"{len(found.findings):,} left"
    return [*lines, f"{summary}; {total}" if summary else text.format_total(found.findings)]


def make_renderers(found: AuditResult, repository: Repository, *, at: str) -> dict[str, Renderer]:
    """Make what writes findings in each format but text."""

    def list_items() -> list[ReportItem]:
        from detent.report.items import list_finding_items

        return list_finding_items(found.findings, found.failures)

    return {
        "json": lambda: _render_document(found),
        **make_item_renderers(list_items, lambda: _list_records(found), repository, at=at),
    }


def _list_records(found: AuditResult) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from (("finding", data.encode_finding(finding)) for finding in found.findings)
    yield from (("note", data.encode_finding(finding)) for finding in found.notes)
    yield from (("failure", failure) for failure in data.encode_failures(found.failures))


def _render_document(found: AuditResult) -> str:
    return data.render_json(
        "audit/1",
        findings=[data.encode_finding(finding) for finding in found.findings],
        notes=[data.encode_finding(finding) for finding in found.notes],
        failures=data.encode_failures(found.failures),
    )


def describe_fixes(fixed: FixResult) -> str:
    """Write what was fixed."""
    findings = text.format_count(fixed.findings, "finding")
    return f"fixed {findings} in {text.format_count(fixed.files, 'file')}"


def describe_unfixed_files(fixed: FixResult) -> Iterable[str]:
    """Write which files could not be fixed, and why."""
    for path, reason in fixed.unfixed.items():
        yield f"{clean_path(path)}: not fixed: {clean_text(reason)}"


def answer_diff(fixed: FixResult) -> Answer:
    """Answer with what would be fixed, as a diff."""
    paint = console.make_painter()
    lines = [
        paint(_COLOURS[line[:1]], line) if line[:1] in _COLOURS else line for line in fixed.diff
    ]
    status = 1 if fixed.diff else 3 if fixed.failures else 0
    return Answer(status, {"text": lambda: lines}, [f"would have {describe_fixes(fixed)}"])


def render_rule(page: RulePage) -> list[str]:
    """Write what a rule means, where it is on, and how to change that."""
    code = page.code
    lines = [f"{code}: {page.title}", "", page.text]
    lines += ["", "Fixable with `--fix`."] if page.is_fixable else []
    state = "on" if "default" in page.presets else "off"
    presets = ", ".join(page.presets) or "none"
    lines += [
        "",
        f"By default {state}, as {page.severity}; in the presets: {presets}.",
        f'Settings: select = ["{code}"] · ignore = ["{code}"] · severity.{code} = "warning"',
        f'In some files: per-file-ignores = {{"scripts/**" = ["{code}"]}}',
    ]
    if page.is_suppressible:
        lines.append(f"In one place: # detent: ignore[{code}] the reason")
    return lines
