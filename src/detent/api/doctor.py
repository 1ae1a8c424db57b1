"""Find what is wrong with a set-up: versions, settings, hooks and the index."""

from __future__ import annotations

import os
import platform
import re
import sys
from pathlib import Path

from detent import TYPE_CHECKING, __version__, git
from detent.api.check import load_rules
from detent.api.hook_inspection import (
    CHAINED,
    calls_detent,
    calls_framework,
    find_framework_entry,
    has_commit_check,
    has_crlf,
    has_framework,
    is_detent_hook,
    is_this_python,
    list_hook_paths,
    read_interpreter,
)
from detent.api.install import is_current
from detent.config import load_config
from detent.core.errors import DetentError
from detent.core.files import try_writing
from detent.core.namedtuple import NamedTuple
from detent.git.settings import CONFIG_HOOKS_SINCE, list_config_hooks
from detent.index.project import Project
from detent.index.refresh import plan_refresh
from detent.index.views import STAGED, View
from detent.store import MEMORY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from detent.git import Repo
    from detent.git.settings import ConfigHook
    from detent.index.handle import Index

GOOD, ADVICE, FAULT = "good", "advice", "fault"
_TRIAL_BYTES = 1 << 16
_REINSTALL = "run `detent install` again"


class Diagnosis(NamedTuple):
    """One thing that was looked at.

    Attributes
    ----------
    state : str
        ``good``, ``advice`` or ``fault``.
    what : str
        What was found.
    remedy : str
        The command that fixes it; empty if all is well.
    """

    state: str
    what: str
    remedy: str = ""


def diagnose(repo: Repo, index: Index) -> list[Diagnosis]:
    """Look at versions, settings, hooks and the index."""
    return [
        *_check_versions(repo),
        *_check_settings(repo, index),
        *_check_hooks(repo),
        *_check_index(repo, index),
    ]


def _check_versions(repo: Repo) -> Iterator[Diagnosis]:
    python = f"Python {platform.python_version()} at {sys.executable}"
    yield Diagnosis(GOOD, f"detent {__version__}, {python}, {git.read_version(repo)}")


def _check_settings(repo: Repo, index: Index) -> Iterator[Diagnosis]:
    try:
        settings = load_config(repo.top)
        load_rules(Project(repo, settings, index))
    except DetentError as error:
        yield Diagnosis(FAULT, error.message, error.hint)
    else:
        source = settings.source or ("numpydoc's" if settings.audit else "defaults")
        yield Diagnosis(GOOD, f"settings: {source}; gate {settings.gate!r}")
        for note in settings.notes:
            yield Diagnosis(ADVICE, note, "fix or remove it")


def _check_hooks(repo: Repo) -> Iterator[Diagnosis]:
    if repo.bare:
        return
    configured = [hook for hook in list_config_hooks(repo) if "detent" in hook.command]
    paths = list_hook_paths(repo)
    if not (paths[0].exists() or configured):
        yield _report_missing_hook(repo, paths[0])
    for hook in paths:
        if hook.exists():
            yield _check_hook(repo, hook)
        yield from _check_chained_hook(hook)
    installed = {hook.name for hook in paths if is_detent_hook(hook)}
    yield from _check_config_hooks(repo, configured, installed)


def _check_directory(repo: Repo, index: Index) -> Iterator[Diagnosis]:
    """Write a file where the index is: a disk can be full, or a directory read-only."""
    if index.path == MEMORY:
        return
    directory = Path(index.path).parent
    place = directory if os.path.lexists(directory) else Path(repo.common_dir)
    try:
        try_writing(str(place), _TRIAL_BYTES)
    except OSError as error:
        what = f"{place} cannot be written: {error.strerror}; no result is kept"
        yield Diagnosis(FAULT, what, "check its permissions and the space on the disk")


def _report_missing_hook(repo: Repo, hook: Path) -> Diagnosis:
    remedy = "`pre-commit install` or `prek install`" if has_framework(repo) else "`detent install`"
    return Diagnosis(ADVICE, f"no {hook.name} hook at {hook}", remedy)


def _check_hook(repo: Repo, hook: Path) -> Diagnosis:
    if has_crlf(hook):
        what = f"{hook} has CRLF newlines, so it cannot run and every commit fails"
        return Diagnosis(FAULT, what, _REINSTALL if is_detent_hook(hook) else f"dos2unix {hook}")
    if not is_detent_hook(hook):
        return _check_foreign_hook(repo, hook)
    return _check_detent_hook(hook)


def _check_foreign_hook(repo: Repo, hook: Path) -> Diagnosis:
    settings = find_framework_entry(repo)
    if settings and calls_framework(hook):
        return Diagnosis(GOOD, f"{settings} runs detent: {hook}")
    if calls_detent(hook):
        return Diagnosis(GOOD, f"{hook} calls detent")
    if hook.name == "pre-commit" and not has_commit_check(repo):
        what = f"commits are not checked: {hook} does not run detent"
        return Diagnosis(ADVICE, what, "`detent install` keeps it and adds detent")
    return Diagnosis(GOOD, f"{hook} does not run detent; `detent install` keeps it")


def _check_detent_hook(hook: Path) -> Diagnosis:
    if os.name != "nt" and not os.access(hook, os.X_OK):
        return Diagnosis(FAULT, f"{hook} is not executable, so git ignores it", f"chmod +x {hook}")
    if not is_this_python(hook) and (found := _check_interpreter(hook)):
        return found
    if not is_current(hook):
        return Diagnosis(FAULT, f"{hook} is from another installation of detent", _REINSTALL)
    return Diagnosis(GOOD, f"hook {hook}")


def _check_interpreter(hook: Path) -> Diagnosis | None:
    """Ask the Python that a hook calls for its detent; None if it is the same as this one."""
    python = read_interpreter(hook)
    if not Path(python).is_file() or not os.access(python, os.X_OK):
        what = f"{hook} calls a Python that does not exist: {python}"
        return Diagnosis(FAULT, what, _REINSTALL)
    import subprocess

    try:
        command = [python, "-P", "-c", "import detent; print(detent.__version__)"]
        done = subprocess.run(command, capture_output=True, check=False, timeout=60, text=True)
    except (OSError, subprocess.TimeoutExpired) as error:
        what = f"{hook} calls a Python that does not run: {python}: {error}"
        return Diagnosis(FAULT, what, _REINSTALL)
    if done.returncode:
        what = f"{hook} calls a Python without detent: {python}"
        return Diagnosis(FAULT, what, _REINSTALL)
    if (version := done.stdout.strip()) != __version__:
        what = f"{hook} calls detent {version} of {python}; this one is {__version__}"
        return Diagnosis(FAULT, what, _REINSTALL)
    return None


def _check_chained_hook(hook: Path) -> Iterator[Diagnosis]:
    """Look at the hook that was there before detent's: is it called, and can it run."""
    chained = hook.with_name(hook.name + CHAINED)
    if not os.path.lexists(chained):
        return
    if not is_detent_hook(hook):
        what = f"nothing calls {chained}: another program has replaced {hook.name}"
        yield Diagnosis(FAULT, what, f"`detent install`, or rm {chained}")
    elif os.name != "nt" and not os.access(chained, os.X_OK):
        what = f"{chained} is not executable, so it is skipped, as git did before"
        yield Diagnosis(ADVICE, what, f"chmod +x {chained}")


def _check_config_hooks(
    repo: Repo, configured: list[ConfigHook], installed: set[str]
) -> Iterator[Diagnosis]:
    """Look at the hooks of git's settings, which only newer versions of git run."""
    version = git.read_version(repo)
    is_supported = tuple(map(int, re.findall(r"\d+", version)[:2])) >= CONFIG_HOOKS_SINCE
    for hook in configured:
        name = f"hook.{hook.name}"
        if not is_supported:
            what = f"{name} in git's settings calls detent, but only git 2.54 and later run it"
            yield Diagnosis(FAULT, f"{what}, not {version}", "`detent install`")
        elif not hook.enabled:
            what = f"{name} in git's settings calls detent and is disabled"
            yield Diagnosis(ADVICE, what, f"git config {name}.enabled true")
        elif not hook.events:
            what = f"{name} in git's settings calls detent, but for no event"
            yield Diagnosis(FAULT, what, f"git config --add {name}.event pre-commit")
        elif both := installed.intersection(hook.events):
            events = ", ".join(sorted(both))
            what = f"detent is called twice for {events}: by {name} and by its own hook"
            yield Diagnosis(ADVICE, what, "`detent uninstall`")
        else:
            events = ", ".join(hook.events)
            yield Diagnosis(GOOD, f"{name} in git's settings calls detent for {events}")
    if is_supported:
        disabled = {hook.name for hook in list_config_hooks(repo) if not hook.enabled}
        for name in sorted(disabled & installed):
            what = f"git's settings disable every {name} hook"
            yield Diagnosis(FAULT, what, f"git config --unset hook.{name}.enabled")


def _check_index(repo: Repo, index: Index) -> Iterator[Diagnosis]:
    yield from _check_directory(repo, index)
    if not index.exists:
        yield Diagnosis(ADVICE, f"no index yet at {index.path}", "`detent index`")
        return
    view = View(repo, "HEAD" if repo.bare else STAGED)
    try:
        problems = index.open_reader().inspect(deep=True).problems
        plan = plan_refresh(index.open_reader(), view)
    except DetentError as error:
        yield Diagnosis(FAULT, error.message, error.hint)
        return
    size = f"{index.size / 1e6:.1f} MB at {index.path}"
    if problems:
        yield Diagnosis(FAULT, f"index of {size}: {problems[0]}", "`detent index --full`")
    else:
        yield Diagnosis(GOOD, f"index of {size}")
    if plan.stored is not None and not plan.is_idle:
        count = len(plan.changed) + len(plan.deleted)
        files = "1 file" if count == 1 else f"{count:,} files"
        yield Diagnosis(ADVICE, f"the index is out of date ({files})", "`detent index`")
