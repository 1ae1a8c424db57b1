"""A command on two commits in turn: CPU time of each run, and what each counts by itself.

Nothing of a repository chooses the command: a person does, or the script of a CI service.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from detent import TYPE_CHECKING
from detent.core.errors import NotMeasured
from detent.core.namedtuple import NamedTuple
from detent.store.sqlite.counters import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

if sys.platform != "win32":
    import resource

_SHOWN = 300


class Side(NamedTuple):
    """One of the two commits.

    Attributes
    ----------
    name : str
        ``base`` or ``head``.
    place : str
        The directory where it is checked out, in which the command runs.
    """

    name: str
    place: str


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """Make the environment of both sides.

    Parameters
    ----------
    given : mapping of str to str
        That of this process.

    Returns
    -------
    dict of str to str
        Without what ties git to a repository; strings have the same hashes in each run.
    """
    kept = {name: value for name, value in given.items() if not name.startswith("GIT_")}
    return {**kept, "PYTHONHASHSEED": "0"}


def run(side: Side, command: Sequence[str], env: Mapping[str, str]) -> float:
    """Run a command to its end.

    Parameters
    ----------
    side : Side
        Where.
    command : sequence of str
        A program and its arguments.
    env : mapping of str to str
        Its environment.

    Returns
    -------
    float
        Seconds of CPU time of all its processes that have been waited for; on Windows, which does
        not tell, those on the clock.

    Raises
    ------
    NotMeasured
        If it cannot be started, or fails: then it does not do what is to be measured.
    """
    began = _seconds()
    try:
        done = subprocess.run(
            command,
            cwd=side.place,
            env=env,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
    except OSError as error:
        raise NotMeasured(
            f"{command[0]!r} cannot be started: {error.strerror}", "name a program after `--`"
        ) from error
    seconds = _seconds() - began
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()[-_SHOWN:]
        raise NotMeasured(
            f"the command failed on the {side.name} ({_status(done.returncode)}): {said}",
            "it must succeed on both commits to be compared",
        )
    return seconds


def _seconds() -> float:
    if sys.platform == "win32":
        return time.perf_counter()
    else:  # noqa: RET505
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        return spent.ru_utime + spent.ru_stime


def _status(code: int) -> str:
    return f"status {code}" if code > 0 else signal.Signals(-code).name


def counted(side: Side, command: Sequence[str], env: Mapping[str, str]) -> dict[str, int]:
    """Run a command once, and take what its processes count of themselves.

    Parameters
    ----------
    side : Side
        Where.
    command : sequence of str
        A program and its arguments.
    env : mapping of str to str
        Its environment.

    Returns
    -------
    dict of str to int
        Sums of all processes that count; empty where none does.
    """
    place = Path(side.place).with_name(f"counters-{side.name}")
    place.unlink(missing_ok=True)
    run(side, command, {**env, VARIABLE: os.fspath(place)})
    totals: dict[str, int] = {}
    lines = place.read_text("ascii").splitlines() if place.exists() else []
    for line in lines:
        for name, count in json.loads(line).items():
            totals[name] = totals.get(name, 0) + count
    return totals


class Turns:
    """Runs of the two sides in turn, each as often first as the other.

    Parameters
    ----------
    base, head : Side
        The two.
    command : sequence of str
        A program and its arguments.
    env : mapping of str to str
        Its environment.
    """

    def __init__(
        self, base: Side, head: Side, *, command: Sequence[str], env: Mapping[str, str]
    ) -> None:
        self._sides = (base, head)
        self._command = command
        self._env = env
        self._turn = 0

    def take(self) -> tuple[float, float]:
        """Run both.

        Returns
        -------
        (float, float)
            Seconds of the base and of the head.
        """
        self._turn += 1
        order = self._sides if self._turn % 2 else self._sides[::-1]
        spent = {side.name: run(side, self._command, self._env) for side in order}
        base, head = (max(spent[side.name], 1e-6) for side in self._sides)
        return base, head
