"""Say what is wrong with this set-up, and the command that mends it.

Examples
--------
detent doctor
"""

from __future__ import annotations

import os
import platform
import re
import sys
from pathlib import Path

from detent import TYPE_CHECKING, __version__, config, git
from detent.api import check, hook_files
from detent.cli.commands.install import CHAINED, is_current, list_hooks
from detent.cli.context import add_location_arguments, open_index
from detent.core.errors import DetentError
from detent.core.escape import clean_text
from detent.core.namedtuple import NamedTuple
from detent.git.settings import CONFIG_HOOKS_SINCE, list_config_hooks
from detent.index import views
from detent.index.project import Project
from detent.index.refresh import plan_refresh
from detent.report import console, data, text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from detent.git import Repo
    from detent.git.settings import ConfigHook
    from detent.index.handle import Index

GOOD, ADVICE, FAULT = "good", "advice", "fault"
_COLOURS = {GOOD: "green", ADVICE: "yellow", FAULT: "red"}


class Diagnosis(NamedTuple):
    """One thing that was looked at."""

    state: str  # ``good``, ``advice`` or ``fault``
    what: str  # what was found
    remedy: str = ""  # the command that mends it; empty where all is well


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_location_arguments(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")


def run(namespace: Namespace) -> int:
    """Run the command."""
    repo, index = open_index(namespace)
    found = [
        *_check_versions(repo),
        *_check_settings(repo, index),
        *_check_hooks(repo, namespace),
        *_check_index(repo, index),
    ]
    index.close()
    if namespace.format == "json":
        console.write_line(data.render_json("doctor/1", findings=[one._asdict() for one in found]))
    else:
        paint = console.make_painter()
        for one in found:
            console.write_line(
                f"{paint(_COLOURS[one.state], f'{one.state:<6}')}  {clean_text(one.what)}"
            )
            if one.remedy:
                console.write_line(f"          {clean_text(one.remedy)}")
    return 1 if any(one.state == FAULT for one in found) else 0


def _check_versions(repo: Repo) -> Iterator[Diagnosis]:
    python = f"Python {platform.python_version()} at {sys.executable}"
    yield Diagnosis(GOOD, f"detent {__version__}, {python}, {git.read_version(repo)}")


def _check_settings(repo: Repo, index: Index) -> Iterator[Diagnosis]:
    try:
        settings = config.load_config(repo.top)
        check.load_rules(Project(repo, settings, index))
    except DetentError as error:
        yield Diagnosis(FAULT, error.message, error.hint)
    else:
        source = settings.source or ("numpydoc's" if settings.audit else "defaults")
        yield Diagnosis(GOOD, f"settings: {source}; gate {settings.gate!r}")
        for note in settings.notes:
            yield Diagnosis(ADVICE, note, "mend it, or take it away")


def _check_hooks(repo: Repo, namespace: Namespace) -> Iterator[Diagnosis]:
    if repo.bare:
        return
    configured = [one for one in list_config_hooks(repo) if "detent" in one.command]
    there = list_hooks(namespace.directory)
    if not (there[0].exists() or configured):
        yield _report_missing_hook(repo, there[0])
    for hook in there:
        if hook.exists():
            yield _check_hook(repo, hook)
        yield from _find_orphan(hook)
    ours = {hook.name for hook in there if hook_files.is_detent_hook(hook)}
    yield from _check_config_hooks(repo, configured, ours)


def _report_missing_hook(repo: Repo, hook: Path) -> Diagnosis:
    framework = hook_files.has_framework(repo)
    remedy = "`pre-commit install` or `prek install`" if framework else "`detent install`"
    return Diagnosis(ADVICE, f"no {hook.name} hook at {hook}", remedy)


def _check_hook(repo: Repo, hook: Path) -> Diagnosis:
    anew = "`detent install` writes it anew"
    if hook_files.has_crlf(hook):
        what = f"{hook} has CRLF newlines, so that it cannot be run and no commit passes"
        return Diagnosis(
            FAULT, what, anew if hook_files.is_detent_hook(hook) else f"dos2unix {hook}"
        )
    if not hook_files.is_detent_hook(hook):
        how = "`detent install` would chain it"
        if hook_files.has_framework_entry(repo):
            how = "the settings of pre-commit or prek name detent"
        return Diagnosis(GOOD, f"{hook} is another program's; {how}")
    if os.name != "nt" and not os.access(hook, os.X_OK):
        return Diagnosis(FAULT, f"{hook} has no run bit, so git passes it over", f"chmod +x {hook}")
    if not hook_files.is_this_python(hook) and (found := _check_interpreter(hook)):
        return found
    if not is_current(hook):
        return Diagnosis(FAULT, f"{hook} is of another installation of detent", anew)
    return Diagnosis(GOOD, f"hook {hook}")


def _check_interpreter(hook: Path) -> Diagnosis | None:
    """Ask the Python that a hook calls for its detent; None where it has the same as this one."""
    python, anew = hook_files.read_interpreter(hook), "`detent install` has it call this one"
    if not Path(python).is_file() or not os.access(python, os.X_OK):
        return Diagnosis(FAULT, f"{hook} calls a Python that is gone: {python}", anew)
    import subprocess

    script = "import sys; sys.path[:1] = []; import detent; print(detent.__version__)"
    try:
        command = [python, "-c", script]
        done = subprocess.run(command, capture_output=True, check=False, timeout=60, text=True)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Diagnosis(FAULT, f"{hook} calls a Python that does not run: {python}: {error}", anew)
    if done.returncode:
        return Diagnosis(FAULT, f"{hook} calls a Python that has no detent: {python}", anew)
    if (version := done.stdout.strip()) != __version__:
        what = f"{hook} calls detent {version} of {python}; this one is {__version__}"
        return Diagnosis(FAULT, what, anew)
    return None


def _find_orphan(hook: Path) -> Iterator[Diagnosis]:
    """Find what detent has put aside and nothing calls any more."""
    chained = hook.with_name(hook.name + CHAINED)
    if not os.path.lexists(chained):
        return
    if not hook_files.is_detent_hook(hook):
        what = f"{chained} is called by nothing: another program has replaced {hook.name}"
        yield Diagnosis(FAULT, what, f"`detent install`, or rm {chained}")
    elif os.name != "nt" and not os.access(chained, os.X_OK):
        what = f"{chained} has no run bit, so it is passed over, as git did before"
        yield Diagnosis(ADVICE, what, f"chmod +x {chained}")


def _check_config_hooks(repo: Repo, ours: list[ConfigHook], raw: set[str]) -> Iterator[Diagnosis]:
    """Look at the hooks of git's settings, which only newer gits know of."""
    version = git.read_version(repo)
    knows = tuple(map(int, re.findall(r"\d+", version)[:2])) >= CONFIG_HOOKS_SINCE
    for one in ours:
        name = f"hook.{one.name}"
        events = ", ".join(one.events)
        if not knows:
            what = f"{name} of git's settings calls detent, but this git knows no such hooks"
            yield Diagnosis(FAULT, f"{what}: {version}, 2.54 does", "`detent install`")
        elif not one.enabled:
            what = f"{name} of git's settings calls detent and is switched off"
            yield Diagnosis(ADVICE, what, f"git config {name}.enabled true")
        elif not one.events:
            what = f"{name} of git's settings calls detent, but for no event"
            yield Diagnosis(FAULT, what, f"git config --add {name}.event pre-commit")
        elif twice := raw.intersection(one.events):
            what = f"detent is called twice for {', '.join(sorted(twice))}: {name} and its own hook"
            yield Diagnosis(ADVICE, what, "`detent uninstall`")
        else:
            yield Diagnosis(GOOD, f"{name} of git's settings calls detent for {events}")
    off = {one.name for one in list_config_hooks(repo) if not one.enabled} if knows else set()
    for name in sorted(off & raw):
        what = f"git's settings switch off every {name} hook"
        yield Diagnosis(FAULT, what, f"git config --unset hook.{name}.enabled")


def _check_index(repo: Repo, index: Index) -> Iterator[Diagnosis]:
    if not index.exists:
        yield Diagnosis(ADVICE, f"no index yet at {index.path}", "`detent index`")
        return
    view = "HEAD" if repo.bare else views.STAGED
    try:
        faults = index.open_reader().find_problems()
        todo = plan_refresh(repo, index.open_reader(), view)
    except DetentError as error:
        yield Diagnosis(FAULT, error.message, error.hint)
        return
    size = f"{index.size / 1e6:.1f} MB at {index.path}"
    if faults:
        yield Diagnosis(FAULT, f"index of {size}: {faults[0]}", "`detent index --full`")
    else:
        yield Diagnosis(GOOD, f"index of {size}")
    if todo.stored is not None and not todo.is_idle:
        behind = text.format_count(len(todo.changed) + len(todo.deleted), "file")
        yield Diagnosis(ADVICE, f"the {view} view is behind by {behind}", "`detent index`")
