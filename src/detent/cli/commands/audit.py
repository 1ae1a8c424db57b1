"""List findings: all of a view, or only those that are new since a revision.

Examples
--------
detent audit                      # all findings of the work tree
detent audit src --select PR,RT   # some rules, below a directory
detent audit --new-since main     # what this branch brings in
detent audit --at v1.0 src/mine.py
detent audit --verbose tests      # why is this not checked?
detent audit --explain PR01       # what a rule means
detent audit --diff               # what --fix would mend
"""

from __future__ import annotations

from detent import TYPE_CHECKING, config
from detent.api.paths import find_named_paths, make_path_filter
from detent.audit import matching
from detent.audit.codes import get_default_severity
from detent.audit.selection.presets import list_presets_with
from detent.cli import finding_output
from detent.cli.context import (
    add_common_arguments,
    add_verbosity_arguments,
    open_index,
    print_notes,
)
from detent.config.values import suggest_spelling
from detent.core.errors import UsageError
from detent.index import views
from detent.index.project import Project
from detent.index.refresh import refresh_view
from detent.index.snapshot import take_fresh_snapshot
from detent.report import console, data, text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Iterator, Sequence

    from detent.audit.rule import Rule
    from detent.core.model import FindingRow

    Findings = Sequence[FindingRow]
    Answer = tuple[Findings, Findings, dict[bytes, str]]


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at=views.WORKTREE)
    add_verbosity_arguments(parser)
    parser.add_argument("--new-since", metavar="REV", help="only what is new since REV")
    parser.add_argument(
        "--select", metavar="CODES", type=_parse_codes, help="only these, such as PR,RT01"
    )
    parser.add_argument(
        "--ignore",
        metavar="CODES",
        type=_parse_codes,
        default=(),
        help="not these, besides the settings",
    )
    parser.add_argument("--preset", choices=config.PRESETS, help="default: the setting")
    parser.add_argument("--explain", metavar="CODE", help="say what a rule means, and why")
    _add_fix_arguments(parser)
    parser.add_argument("paths", nargs="*", metavar="PATH", help="only below these paths")


def _add_fix_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--fix",
        action="store_true",
        help="mend what has one right answer, in docstrings of files of the work tree",
    )
    parser.add_argument(
        "--diff", action="store_true", help="show what --fix would change, and change nothing"
    )
    parser.add_argument(
        "--stubs",
        action="store_true",
        help="with --fix or --diff: add an entry, still to be described, for each parameter "
        "that is not documented",
    )


def run(namespace: Namespace) -> int:
    """Run the command."""
    if namespace.explain:
        return _explain_rule(namespace.explain.upper())
    fixes = _has_fix_option(namespace)
    repo, index = open_index(namespace)
    wish = config.AuditOptions(namespace.preset, namespace.select, namespace.ignore)
    project = Project(repo, config.load_config(repo.top, wish), index)
    answer = project.index.with_recovery(lambda: _collect_findings(project, namespace))
    summary = ""
    if fixes:
        from detent.cli import fixing

        fixed = fixing.fix_findings(project, answer[0], namespace)
        print_notes(fixed.notes)
        if namespace.diff:
            project.index.close()
            return fixing.print_diff(fixed) or (3 if answer[2] else 0)
        summary = fixed.summary
        answer = project.index.with_recovery(lambda: _collect_findings(project, namespace))
    if not namespace.quiet:
        print_notes(
            [
                *project.config.notes,
                *project.index.notes,
                *_explain_unchecked_paths(project, answer, namespace),
            ]
        )
    _print_answer(project, answer, namespace, summary=summary)
    project.index.close()
    if any(one.severity == "error" for one in answer[0]):
        return 1
    return 3 if answer[2] else 0


def _has_fix_option(namespace: Namespace) -> bool:
    """Tell whether fixes are asked for; refuse what does not go together."""
    if not (namespace.fix or namespace.diff):
        if namespace.stubs:
            raise UsageError("--stubs goes with --fix or --diff", "detent audit --diff --stubs")
        return False
    if namespace.at != views.WORKTREE:
        raise UsageError(
            f"only files of the work tree can be fixed, not {namespace.at!r}",
            "leave out --at; then `git add -p` chooses what to stage",
        )
    if namespace.diff and namespace.format != "text":
        raise UsageError("a diff has no other format than text", "leave out --format")
    return True


def _print_answer(project: Project, answer: Answer, namespace: Namespace, *, summary: str) -> None:
    found, notes, failures = answer
    if namespace.format == "json":
        print_notes([summary] if summary else [])
        findings = [data.encode_finding(one) for one in found]
        told = [data.encode_finding(one) for one in notes]
        failed = data.encode_failures(failures)
        console.write_line(
            data.render_json("audit/1", findings=findings, notes=told, failures=failed)
        )
    elif lines := _render_text(project, answer, namespace, summary=summary):
        console.write_lines(lines)


def _render_text(
    project: Project, answer: Answer, namespace: Namespace, *, summary: str
) -> list[str]:
    found, notes, failures = answer
    failed = text.format_failures(failures)
    if namespace.quiet:
        errors = [one for one in found if one.severity == "error"]
        return finding_output.render_findings(errors, project.repo, namespace.at) + failed
    lines = finding_output.render_findings([*found, *notes], project.repo, namespace.at) + failed
    lines += _render_exclusions(project, namespace) if namespace.verbose else []
    return [*lines, f"{summary}; {len(found):,} left" if summary else text.format_total(found)]


def _explain_unchecked_paths(
    project: Project, answer: Answer, namespace: Namespace
) -> Iterator[str]:
    """Tell of what was named and nobody judges."""
    named = find_named_paths(
        project.repo, namespace.at, namespace.paths, directory=namespace.directory or "."
    )
    if not named:
        return
    from detent.api import exclusions

    shown = {one.path for one in answer[0]}
    # What has findings is judged, and need not be looked for again.
    silent = [
        name
        for name in named
        if name not in shown and not any(path.startswith(name + b"/") for path in shown)
    ]
    yield from exclusions.explain_unchecked_paths(project, namespace.at, silent)


def _render_exclusions(project: Project, namespace: Namespace) -> list[str]:
    """Say which files below the directories that were named are not judged, and why."""
    from detent.api import exclusions

    chosen = make_path_filter(
        project.repo,
        find_named_paths(
            project.repo, namespace.at, namespace.paths, directory=namespace.directory or "."
        ),
    )
    files = views.list_files(project.repo, namespace.at).difference(
        find_named_paths(
            project.repo, namespace.at, namespace.paths, directory=namespace.directory or "."
        )
    )
    found = exclusions.list_exclusions(
        project, namespace.at, [path for path in files if chosen(path)]
    )
    return exclusions.render_exclusions(found)


def _parse_codes(text: str) -> tuple[str, ...]:
    return tuple(code for code in text.upper().replace(",", " ").split())


def _collect_findings(project: Project, namespace: Namespace) -> Answer:
    """List findings, notes and what failed."""
    repo, view = project.repo, namespace.at
    chosen = make_path_filter(
        repo,
        find_named_paths(repo, namespace.at, namespace.paths, directory=namespace.directory or "."),
    )
    if namespace.new_since:
        from detent.api.check import diff_findings, load_audited_diff

        two = load_audited_diff(project, view, namespace.new_since)
        new = diff_findings(two, project.selection).new
        found, two = [one for one in new if chosen(one.path)], two.restrict_to(chosen)
        return (
            found,
            matching.locate_findings_and_notes(two.head, project.selection)[1],
            two.failures,
        )
    return _collect_all_findings(project, view, chosen)


def _collect_all_findings(
    project: Project, view: str, chosen: Callable[[bytes], bool]
) -> tuple[Sequence[FindingRow], Sequence[FindingRow], dict[bytes, str]]:
    """List those of a whole view."""
    repo, selection = project.repo, project.selection
    if project.config.engine == config.NUMPYDOC:
        from detent.api.view import load_audited_files

        refresh_view(repo, project.index, view, progress=console.make_progress("indexing"))
        files, failures = load_audited_files(project, view, chosen)
        return *matching.locate_findings_and_notes(files, selection), failures
    everything = take_fresh_snapshot(
        repo, project.index, view, progress=console.make_progress("indexing")
    )
    now = everything.restrict_to_audited(selection, chosen)
    findings = list(now.load_findings(selection.finding_filter))
    asked = {path for path, _ in findings}.union(now.failures)
    others = views.generated_or_vendored(repo, view, asked)
    kept = matching.select_finding_rows(findings, selection, everything.open_outlines())
    listed, notes = matching.split_notes(
        [x for x in kept if x.path not in others] if others else kept
    )
    return listed, notes, {path: why for path, why in now.failures.items() if path not in others}


def _explain_rule(code: str) -> int:
    from detent.audit.fix.table import FIXES, STUBS
    from detent.audit.rules import RULES

    rule = RULES.get(code)
    if rule is None:
        hint = suggest_spelling(code, RULES) or "docs/rules.md lists them"
        raise UsageError(f"there is no rule {code!r}", hint)
    fixable = "\n\nFixable with `--fix`." if code in FIXES and code not in STUBS else ""
    page = f"{rule.code}: {rule.title}\n\n{rule.doc.strip()}{fixable}"
    console.write_line(f"{page}\n\n{_describe_rule_settings(rule)}")
    return 0


def _describe_rule_settings(rule: Rule) -> str:
    """Say where a rule counts, and how to change that."""
    code, presets = rule.code, list_presets_with(rule.code)
    listed = ", ".join(presets) or "none"
    state = "on" if "default" in presets else "off"
    lines = [
        f"By default {state}, as {get_default_severity(code)}; in the presets: {listed}.",
        f'Settings: select = ["{code}"] · ignore = ["{code}"] · severity.{code} = "warning"',
        f'In some files: per-file-ignores = {{"scripts/**" = ["{code}"]}}',
    ]
    if code[:3] not in ("DT8", "DT9"):
        lines.append(f"In one place: # detent: ignore[{code}] the reason")
    return "\n".join(lines)
