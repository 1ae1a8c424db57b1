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

from detent import TYPE_CHECKING, config, git
from detent.audit import matching
from detent.audit.codes import severity
from detent.audit.selection.presets import presets_with
from detent.cli import finding_output
from detent.cli.context import add_common, add_volume, open_index, say
from detent.cli.paths import named_paths, path_filter
from detent.config.values import meant
from detent.core.errors import UsageError
from detent.index import views
from detent.index.project import subject_of
from detent.index.refresh import refresh
from detent.index.snapshot import current
from detent.report import console, data, text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Iterator, Sequence

    from detent.audit.matching import Located
    from detent.audit.rule import Rule
    from detent.core.model import Listed
    from detent.index.project import Subject

    Findings = Sequence[Located | Listed]
    Answer = tuple[Findings, Findings, dict[bytes, str]]


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command.

    Parameters
    ----------
    parser : ArgumentParser
        The parser of ``detent audit``.
    """
    add_common(parser, at=views.WORKTREE)
    add_volume(parser)
    parser.add_argument("--new-since", metavar="REV", help="only what is new since REV")
    parser.add_argument(
        "--select", metavar="CODES", type=_codes, help="only these, such as PR,RT01"
    )
    parser.add_argument(
        "--ignore", metavar="CODES", type=_codes, default=(), help="not these, besides the settings"
    )
    parser.add_argument("--preset", choices=config.PRESETS, help="default: the setting")
    parser.add_argument("--explain", metavar="CODE", help="say what a rule means, and why")
    _add_fixes(parser)
    parser.add_argument("paths", nargs="*", metavar="PATH", help="only below these paths")


def _add_fixes(parser: ArgumentParser) -> None:
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


@git.standing()
def run(namespace: Namespace) -> int:
    """Run the command.

    Parameters
    ----------
    namespace : Namespace
        What `add_arguments` asked for.

    Returns
    -------
    int
        The exit status: 1 where there are errors among the findings, else 3 where files failed,
        else 0.
    """
    if namespace.explain:
        return _explain(namespace.explain.upper())
    fixes = _asks_for_fixes(namespace)
    repo, index = open_index(namespace)
    wish = config.Wish(namespace.preset, namespace.select, namespace.ignore)
    subject = subject_of(repo, config.load(repo.top, wish), index)
    answer = subject.door.healed(lambda: _found(subject, namespace))
    summary = ""
    if fixes:
        from detent.cli import fixing

        fixed = fixing.fix(subject, answer[0], namespace)
        say(fixed.notes)
        if namespace.diff:
            subject.door.close()
            return fixing.show(fixed) or (3 if answer[2] else 0)
        summary = fixed.summary
        answer = subject.door.healed(lambda: _found(subject, namespace))
    if not namespace.quiet:
        say([*subject.config.notes, *subject.door.notes, *_unheard(subject, answer, namespace)])
    _write(subject, answer, namespace, summary=summary)
    subject.door.close()
    if any(one.severity == "error" for one in answer[0]):
        return 1
    return 3 if answer[2] else 0


def _asks_for_fixes(namespace: Namespace) -> bool:
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


def _write(subject: Subject, answer: Answer, namespace: Namespace, *, summary: str) -> None:
    found, notes, failures = answer
    if namespace.format == "json":
        say([summary] if summary else [])
        findings = [data.finding_value(one) for one in found]
        told = [data.finding_value(one) for one in notes]
        failed = data.failures_value(failures)
        console.write(data.document("audit/1", findings=findings, notes=told, failures=failed))
    elif lines := _lines(subject, answer, namespace, summary=summary):
        console.write_lines(lines)


def _lines(subject: Subject, answer: Answer, namespace: Namespace, *, summary: str) -> list[str]:
    found, notes, failures = answer
    failed = text.failure_lines(failures)
    if namespace.quiet:
        errors = [one for one in found if one.severity == "error"]
        return finding_output.finding_lines(errors, subject.repo, namespace.at) + failed
    lines = finding_output.finding_lines([*found, *notes], subject.repo, namespace.at) + failed
    lines += _left_out(subject, namespace) if namespace.verbose else []
    return [*lines, f"{summary}; {len(found):,} left" if summary else text.total_line(found)]


def _unheard(subject: Subject, answer: Answer, namespace: Namespace) -> Iterator[str]:
    """Tell of what was named and nobody judges."""
    named = named_paths(subject.repo, namespace)
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
    yield from exclusions.unheard(subject, namespace.at, silent)


def _left_out(subject: Subject, namespace: Namespace) -> list[str]:
    """Say which files below the directories that were named are not judged, and why."""
    from detent.api import exclusions

    chosen = path_filter(subject.repo, namespace)
    files = views.files(subject.repo, namespace.at).difference(named_paths(subject.repo, namespace))
    found = exclusions.reasons(subject, namespace.at, [path for path in files if chosen(path)])
    return exclusions.lines(found)


def _codes(text: str) -> tuple[str, ...]:
    return tuple(code for code in text.upper().replace(",", " ").split())


def _found(subject: Subject, namespace: Namespace) -> Answer:
    """List findings, notes and what failed."""
    repo, view = subject.repo, namespace.at
    chosen = path_filter(repo, namespace)
    if namespace.new_since:
        from detent.api.check import compared, verdict_of

        two = compared(subject, view, namespace.new_since)
        new = verdict_of(two, subject.selection).new
        found, two = [one for one in new if chosen(one.path)], two.only(chosen)
        return found, matching.located(two.head, subject.selection, notes=True), two.failures
    return _everywhere(subject, view, chosen)


def _everywhere(
    subject: Subject, view: str, chosen: Callable[[bytes], bool]
) -> tuple[Sequence[Located | Listed], Sequence[Located | Listed], dict[bytes, str]]:
    """List those of a whole view."""
    repo, selection = subject.repo, subject.selection
    if subject.config.engine == config.NUMPYDOC:
        from detent.api.view import audited

        refresh(repo, subject.door, view, progress=console.progress("indexing"))
        files, failures = audited(subject, view, chosen)
        return *matching.with_notes(files, selection), failures
    everything = current(repo, subject.door, view, progress=console.progress("indexing"))
    now = everything.audited(selection, chosen)
    findings = list(now.findings(selection.unwanted))
    asked = {path for path, _ in findings}.union(now.failures)
    with git.beside(lambda: views.foreign(repo, view, asked)) as foreign:
        kept = matching.listed(findings, selection, everything.outlines())
        others = foreign()
    listed, notes = matching.parted([x for x in kept if x.path not in others] if others else kept)
    return listed, notes, {path: why for path, why in now.failures.items() if path not in others}


def _explain(code: str) -> int:
    from detent.audit.fix.table import FIXES, STUBS
    from detent.audit.rules import RULES

    rule = RULES.get(code)
    if rule is None:
        hint = meant(code, RULES) or "docs/rules.md lists them"
        raise UsageError(f"there is no rule {code!r}", hint)
    fixable = "\n\nFixable with `--fix`." if code in FIXES and code not in STUBS else ""
    page = f"{rule.code}: {rule.title}\n\n{rule.doc.strip()}{fixable}"
    console.write(f"{page}\n\n{_in_force(rule)}")
    return 0


def _in_force(rule: Rule) -> str:
    """Say where a rule counts, and how to change that."""
    code, presets = rule.code, presets_with(rule.code)
    state = "on" if "default" in presets else "off"
    lines = [
        f"By default {state}, as {severity(code)}; in the presets: {', '.join(presets) or 'none'}.",
        f'Settings: select = ["{code}"] · ignore = ["{code}"] · severity.{code} = "warning"',
        f'In some files: per-file-ignores = {{"scripts/**" = ["{code}"]}}',
    ]
    if code[:3] not in ("DT8", "DT9"):
        lines.append(f"In one place: # detent: ignore[{code}] the reason")
    return "\n".join(lines)
