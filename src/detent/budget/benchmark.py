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
from detent.core.errors import MeasurementError
from detent.core.namedtuple import NamedTuple
from detent.store.sqlite.counters import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

if sys.platform != "win32":
    import resource

_SHOWN = 300


class CommitCheckout(NamedTuple):
    """One of the two commits."""

    name: str  # ``base`` or ``head``
    directory: str


def make_environment(given: Mapping[str, str]) -> dict[str, str]:
    """Make the environment of both sides."""
    kept = {name: value for name, value in given.items() if not name.startswith("GIT_")}
    return {**kept, "PYTHONHASHSEED": "0"}


def run_command(side: CommitCheckout, command: Sequence[str], env: Mapping[str, str]) -> float:
    """Run a command to its end."""
    began = _read_cpu_seconds()
    try:
        done = subprocess.run(
            command,
            cwd=side.directory,
            env=env,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
    except OSError as error:
        raise MeasurementError(
            f"{command[0]!r} cannot be started: {error.strerror}", "name a program after `--`"
        ) from error
    seconds = _read_cpu_seconds() - began
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()[-_SHOWN:]
        raise MeasurementError(
            f"the command failed on the {side.name} ({_format_status(done.returncode)}): {said}",
            "it must succeed on both commits to be compared",
        )
    return seconds


def _read_cpu_seconds() -> float:
    if sys.platform == "win32":
        return time.perf_counter()
    else:  # noqa: RET505
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        return spent.ru_utime + spent.ru_stime


def _format_status(code: int) -> str:
    return f"status {code}" if code > 0 else signal.Signals(-code).name


def collect_counters(
    side: CommitCheckout, command: Sequence[str], env: Mapping[str, str]
) -> dict[str, int]:
    """Run a command once, and take what its processes count of themselves."""
    place = Path(side.directory).with_name(f"counters-{side.name}")
    place.unlink(missing_ok=True)
    run_command(side, command, {**env, VARIABLE: os.fspath(place)})
    totals: dict[str, int] = {}
    lines = place.read_text("ascii").splitlines() if place.exists() else []
    for line in lines:
        for name, count in json.loads(line).items():
            totals[name] = totals.get(name, 0) + count
    return totals


class AlternatingRuns:
    """Runs of the two sides in turn, each as often first as the other."""

    def __init__(
        self,
        base: CommitCheckout,
        head: CommitCheckout,
        *,
        command: Sequence[str],
        env: Mapping[str, str],
    ) -> None:
        self._checkouts = (base, head)
        self._command = command
        self._env = env
        self._turn = 0

    def run_pair(self) -> tuple[float, float]:
        """Run both."""
        self._turn += 1
        order = self._checkouts if self._turn % 2 else self._checkouts[::-1]
        spent = {side.name: run_command(side, self._command, self._env) for side in order}
        base, head = (max(spent[side.name], 1e-6) for side in self._checkouts)
        return base, head
