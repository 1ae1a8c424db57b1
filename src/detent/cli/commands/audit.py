"""List findings: all of a view, or only those that are new since a revision.

Examples
--------
detent audit                      # all findings of the work tree
detent audit src --select PR,RT   # some rules, below a directory
detent audit --new-since main     # the new findings of this branch
detent audit --at v1.0 src/mine.py
detent audit --verbose tests      # why is this not checked?
detent audit --explain PR01       # what a rule means
detent audit --diff               # what --fix would change
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli import audit_output
from detent.cli.context import (
    Answer,
    add_common_arguments,
    add_exit_argument,
    add_verbosity_arguments,
    answering,
    parse_codes,
)
from detent.cli.finding_output import render_exclusions
from detent.cli.item_output import FORMATS
from detent.config import PRESETS, AuditOptions
from detent.core.errors import UsageError
from detent.report import console

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.api import Repository


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at="worktree", formats=FORMATS)
    add_verbosity_arguments(parser)
    parser.add_argument("--new-since", metavar="REV", help="only findings that are new since REV")
    parser.add_argument(
        "--select", metavar="CODES", type=parse_codes, help="only these rules, such as PR,RT01"
    )
    parser.add_argument(
        "--ignore",
        metavar="CODES",
        type=parse_codes,
        default=(),
        help="not these rules, in addition to the settings",
    )
    parser.add_argument("--preset", choices=PRESETS, help="default: what the settings say")
    parser.add_argument("--explain", metavar="CODE", help="explain a rule")
    parser.add_argument("--fix", action="store_true", help="apply the safe fixes to the work tree")
    parser.add_argument("--diff", action="store_true", help="show the fixes without changing files")
    parser.add_argument(
        "--stubs",
        action="store_true",
        help="with --fix or --diff: add an entry to fill in for each undocumented parameter",
    )
    add_exit_argument(parser)
    parser.add_argument("paths", nargs="*", metavar="PATH", help="only below these paths")


def run(namespace: Namespace) -> int:
    """Run the command."""
    if not namespace.explain:
        return _audit(namespace)
    from detent.api.explain import explain_rule

    console.write_lines(audit_output.render_rule(explain_rule(namespace.explain.upper())))
    return 0


@answering
def _audit(repository: Repository, namespace: Namespace) -> Answer:
    options = AuditOptions(namespace.preset, namespace.select, namespace.ignore)
    since, summary = namespace.new_since, ""
    if _has_fix_option(namespace):
        fixed = repository.fix(
            namespace.paths,
            new_since=since,
            options=options,
            stubs=namespace.stubs,
            dry_run=namespace.diff,
        )
        console.print_notes(audit_output.describe_unfixed_files(fixed))
        if namespace.diff:
            return audit_output.answer_diff(fixed)
        summary = audit_output.describe_fixes(fixed)
    found = repository.audit(namespace.paths, at=namespace.at, new_since=since, options=options)
    notes = render_exclusions(found.unchecked, every=True)
    notes += [summary] if summary and namespace.format != "text" else []
    renderers = {
        "text": lambda: audit_output.render_audit(found, repository, namespace, summary=summary),
        **audit_output.make_renderers(found, repository, at=namespace.at),
    }
    has_errors = any(finding.severity == "error" for finding in found.findings)
    return Answer(1 if has_errors else 3 if found.failures else 0, renderers, notes)


def _has_fix_option(namespace: Namespace) -> bool:
    """Tell whether fixes are asked for; refuse options that exclude each other."""
    if not (namespace.fix or namespace.diff):
        if namespace.stubs:
            raise UsageError("--stubs needs --fix or --diff", "detent audit --diff --stubs")
        return False
    if namespace.at != "worktree":
        raise UsageError(
            f"only files of the work tree can be fixed, not {namespace.at!r}",
            "leave out --at; then `git add -p` chooses what to stage",
        )
    if namespace.diff and namespace.format != "text":
        raise UsageError("--diff writes only text", "leave out --format")
    return True
