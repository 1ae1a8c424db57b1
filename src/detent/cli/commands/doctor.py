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
from detent.api import hook_files
from detent.cli.commands.install import CHAINED, hooks, is_current
from detent.cli.context import add_place, open_index
from detent.core.errors import DetentError
from detent.core.escape import clean
from detent.core.namedtuple import NamedTuple
from detent.git.hooks import CONFIG_HOOKS_SINCE, config_hooks
from detent.index import views
from detent.index.project import subject_of
from detent.index.refresh import plan
from detent.report import console, data, text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from detent.git import Repo
    from detent.git.hooks import ConfigHook
    from detent.index.handle import Index

GOOD, ADVICE, FAULT = "good", "advice", "fault"
_COLOURS = {GOOD: "green", ADVICE: "yellow", FAULT: "red"}


class Finding(NamedTuple):
    """One thing that was looked at.

    Attributes
    ----------
    state : str
        ``good``, ``advice`` or ``fault``.
    what : str
        What was found.
    remedy : str
        The command that mends it; empty where all is well.
    """

    state: str
    what: str
    remedy: str = ""


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command.

    Parameters
    ----------
    parser : ArgumentParser
        The parser of the command.
    """
    add_place(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="default: text")


def run(namespace: Namespace) -> int:
    """Run the command.

    Parameters
    ----------
    namespace : Namespace
        The arguments.

    Returns
    -------
    int
        1 where there is a fault.
    """
    repo, index = open_index(namespace)
    found = [
        *_versions(repo),
        *_settings(repo, index),
        *_hooks(repo, namespace),
        *_index(repo, index),
    ]
    index.close()
    if namespace.format == "json":
        console.write(data.document("doctor/1", findings=[one._asdict() for one in found]))
    else:
        paint = console.painter()
        for one in found:
            console.write(f"{paint(_COLOURS[one.state], f'{one.state:<6}')}  {clean(one.what)}")
            if one.remedy:
                console.write(f"          {clean(one.remedy)}")
    return 1 if any(one.state == FAULT for one in found) else 0


def _versions(repo: Repo) -> Iterator[Finding]:
    python = f"Python {platform.python_version()} at {sys.executable}"
    yield Finding(GOOD, f"detent {__version__}, {python}, {git.version(repo)}")


def _settings(repo: Repo, index: Index) -> Iterator[Finding]:
    try:
        settings = config.load(repo.top)
        subject_of(repo, settings, index)
    except DetentError as error:
        yield Finding(FAULT, error.message, error.hint)
    else:
        source = settings.source or ("numpydoc's" if settings.audit else "defaults")
        yield Finding(GOOD, f"settings: {source}; gate {settings.gate!r}")
        for note in settings.notes:
            yield Finding(ADVICE, note, "mend it, or take it away")


def _hooks(repo: Repo, namespace: Namespace) -> Iterator[Finding]:
    if repo.bare:
        return
    configured = [one for one in config_hooks(repo) if "detent" in one.command]
    there = hooks(namespace.directory)
    if not (there[0].exists() or configured):
        yield _missing(repo, there[0])
    for hook in there:
        if hook.exists():
            yield _hook(repo, hook)
        yield from _orphan(hook)
    ours = {hook.name for hook in there if hook_files.is_ours(hook)}
    yield from _config_hooks(repo, configured, ours)


def _missing(repo: Repo, hook: Path) -> Finding:
    framework = hook_files.has_framework(repo)
    remedy = "`pre-commit install` or `prek install`" if framework else "`detent install`"
    return Finding(ADVICE, f"no {hook.name} hook at {hook}", remedy)


def _hook(repo: Repo, hook: Path) -> Finding:
    anew = "`detent install` writes it anew"
    if hook_files.has_crlf(hook):
        what = f"{hook} has CRLF newlines, so that it cannot be run and no commit passes"
        return Finding(FAULT, what, anew if hook_files.is_ours(hook) else f"dos2unix {hook}")
    if not hook_files.is_ours(hook):
        how = "`detent install` would chain it"
        if hook_files.framework_calls(repo):
            how = "the settings of pre-commit or prek name detent"
        return Finding(GOOD, f"{hook} is another program's; {how}")
    if os.name != "nt" and not os.access(hook, os.X_OK):
        return Finding(FAULT, f"{hook} has no run bit, so git passes it over", f"chmod +x {hook}")
    if not hook_files.is_this_python(hook) and (found := _interpreter(hook)):
        return found
    if not is_current(hook):
        return Finding(FAULT, f"{hook} is of another installation of detent", anew)
    return Finding(GOOD, f"hook {hook}")


def _interpreter(hook: Path) -> Finding | None:
    """Ask the Python that a hook calls for its detent; None where it has the same as this one."""
    python, anew = hook_files.interpreter(hook), "`detent install` has it call this one"
    if not Path(python).is_file() or not os.access(python, os.X_OK):
        return Finding(FAULT, f"{hook} calls a Python that is gone: {python}", anew)
    import subprocess

    script = "import sys; sys.path[:1] = []; import detent; print(detent.__version__)"
    try:
        command = [python, "-c", script]
        done = subprocess.run(command, capture_output=True, check=False, timeout=60, text=True)
    except (OSError, subprocess.TimeoutExpired) as error:
        return Finding(FAULT, f"{hook} calls a Python that does not run: {python}: {error}", anew)
    if done.returncode:
        return Finding(FAULT, f"{hook} calls a Python that has no detent: {python}", anew)
    if (version := done.stdout.strip()) != __version__:
        what = f"{hook} calls detent {version} of {python}; this one is {__version__}"
        return Finding(FAULT, what, anew)
    return None


def _orphan(hook: Path) -> Iterator[Finding]:
    """Find what detent has put aside and nothing calls any more."""
    chained = hook.with_name(hook.name + CHAINED)
    if not os.path.lexists(chained):
        return
    if not hook_files.is_ours(hook):
        what = f"{chained} is called by nothing: another program has replaced {hook.name}"
        yield Finding(FAULT, what, f"`detent install`, or rm {chained}")
    elif os.name != "nt" and not os.access(chained, os.X_OK):
        what = f"{chained} has no run bit, so it is passed over, as git did before"
        yield Finding(ADVICE, what, f"chmod +x {chained}")


def _config_hooks(repo: Repo, ours: list[ConfigHook], raw: set[str]) -> Iterator[Finding]:
    """Look at the hooks of git's settings, which only newer gits know of."""
    version = git.version(repo)
    knows = tuple(map(int, re.findall(r"\d+", version)[:2])) >= CONFIG_HOOKS_SINCE
    for one in ours:
        name = f"hook.{one.name}"
        events = ", ".join(one.events)
        if not knows:
            what = f"{name} of git's settings calls detent, but this git knows no such hooks"
            yield Finding(FAULT, f"{what}: {version}, 2.54 does", "`detent install`")
        elif not one.enabled:
            what = f"{name} of git's settings calls detent and is switched off"
            yield Finding(ADVICE, what, f"git config {name}.enabled true")
        elif not one.events:
            what = f"{name} of git's settings calls detent, but for no event"
            yield Finding(FAULT, what, f"git config --add {name}.event pre-commit")
        elif twice := raw.intersection(one.events):
            what = f"detent is called twice for {', '.join(sorted(twice))}: {name} and its own hook"
            yield Finding(ADVICE, what, "`detent uninstall`")
        else:
            yield Finding(GOOD, f"{name} of git's settings calls detent for {events}")
    off = {one.name for one in config_hooks(repo) if not one.enabled} if knows else set()
    for name in sorted(off & raw):
        what = f"git's settings switch off every {name} hook"
        yield Finding(FAULT, what, f"git config --unset hook.{name}.enabled")


def _index(repo: Repo, index: Index) -> Iterator[Finding]:
    if not index.exists:
        yield Finding(ADVICE, f"no index yet at {index.path}", "`detent index`")
        return
    view = "HEAD" if repo.bare else views.STAGED
    try:
        faults = index.reader().problems()
        todo = plan(repo, index.reader(), view)
    except DetentError as error:
        yield Finding(FAULT, error.message, error.hint)
        return
    size = f"{index.size / 1e6:.1f} MB at {index.path}"
    if faults:
        yield Finding(FAULT, f"index of {size}: {faults[0]}", "`detent index --full`")
    else:
        yield Finding(GOOD, f"index of {size}")
    if todo.stored is not None and not todo.idle:
        behind = text.plural(len(todo.changed) + len(todo.deleted), "file")
        yield Finding(ADVICE, f"the {view} view is behind by {behind}", "`detent index`")
