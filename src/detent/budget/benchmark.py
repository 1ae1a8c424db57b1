"""Run a command on two commits in turn: CPU time of each run, and what the command counts itself.

The command comes from the command line, never from the settings of a repository.
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
from detent.store import COUNTERS_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

if sys.platform != "win32":
    import resource

_MOST_OUTPUT = 300


class CommitCheckout(NamedTuple):
    """A checkout of one of the two commits."""

    name: str  # ``base`` or ``head``
    directory: str


def make_environment(variables: Mapping[str, str]) -> dict[str, str]:
    """Make the environment of the command: without git's variables, with a fixed hash seed."""
    kept = {name: value for name, value in variables.items() if not name.startswith("GIT_")}
    return {**kept, "PYTHONHASHSEED": "0"}


def run_command(checkout: CommitCheckout, command: Sequence[str], env: Mapping[str, str]) -> float:
    """Run a command to its end, and measure its CPU time in seconds."""
    before = _read_cpu_seconds()
    try:
        done = subprocess.run(
            command,
            cwd=checkout.directory,
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
    seconds = _read_cpu_seconds() - before
    if done.returncode:
        output = done.stderr.decode("utf-8", "replace").strip()[-_MOST_OUTPUT:]
        status = _format_status(done.returncode)
        raise MeasurementError(
            f"the command failed on the {checkout.name} ({status}): {output}",
            "it must succeed on both commits",
        )
    return seconds


def _read_cpu_seconds() -> float:
    """Read the CPU time of all processes that have ended; on Windows, the clock."""
    if sys.platform == "win32":
        return time.perf_counter()
    else:  # noqa: RET505
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime


def _format_status(code: int) -> str:
    return f"status {code}" if code > 0 else signal.Signals(-code).name


def collect_counters(
    checkout: CommitCheckout, command: Sequence[str], env: Mapping[str, str]
) -> dict[str, int]:
    """Run a command once, and add up what its processes count."""
    file = Path(checkout.directory).with_name(f"counters-{checkout.name}")
    file.unlink(missing_ok=True)
    run_command(checkout, command, {**env, COUNTERS_VARIABLE: os.fspath(file)})
    totals: dict[str, int] = {}
    lines = file.read_text("ascii").splitlines() if file.exists() else []
    for line in lines:
        for name, count in json.loads(line).items():
            totals[name] = totals.get(name, 0) + count
    return totals


class AlternatingRuns:
    """Runs a command on both commits in turn, each first in every second pair."""

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
        self._pairs = 0

    def run_pair(self) -> tuple[float, float]:
        """Run the command on both commits; give the seconds of the base and of the head."""
        self._pairs += 1
        order = self._checkouts if self._pairs % 2 else self._checkouts[::-1]
        spent = {
            checkout.name: run_command(checkout, self._command, self._env) for checkout in order
        }
        # Ratios are computed from them: a run that is too short to measure is not zero.
        base, head = (max(spent[checkout.name], 1e-6) for checkout in self._checkouts)
        return base, head
