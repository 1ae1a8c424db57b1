"""Say what is wrong with this set-up, and the command that mends it.

Examples
--------
detent doctor
"""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from detent import __version__, config, git, views
from detent.commands.context import add_place, open_index
from detent.commands.install import has_crlf, hooks, is_current, is_ours
from detent.errors import DetentError
from detent.refresh import plan
from detent.report import console, data, text
from detent.report.clean import clean
from detent.subject import subject_of

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator

    from detent.git import Repo
    from detent.index import Index

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
    for hook in hooks(namespace.directory):
        if hook.exists():
            yield _hook(hook)
        elif hook.name == "pre-commit":
            framework = any((Path(repo.top) / name).exists() for name in _FRAMEWORKS)
            remedy = "`pre-commit install` or `prek install`" if framework else "`detent install`"
            yield Finding(ADVICE, f"no {hook.name} hook at {hook}", remedy)


def _hook(hook: Path) -> Finding:
    anew = "`detent install` writes it anew"
    if has_crlf(hook):
        what = f"{hook} has CRLF newlines, so that it cannot be run and no commit passes"
        return Finding(FAULT, what, anew if is_ours(hook) else f"dos2unix {hook}")
    if not is_ours(hook):
        return Finding(GOOD, f"{hook} is another program's; `detent install` would chain it")
    if os.name != "nt" and not os.access(hook, os.X_OK):
        return Finding(FAULT, f"{hook} has no run bit, so git passes it over", f"chmod +x {hook}")
    if not is_current(hook):
        return Finding(FAULT, f"{hook} is of another installation of detent", anew)
    return Finding(GOOD, f"hook {hook}")


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


_FRAMEWORKS = (".pre-commit-config.yaml", ".pre-commit-config.yml", "prek.toml")
