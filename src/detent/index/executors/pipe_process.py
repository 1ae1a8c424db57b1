"""A process of ours that answers one question after the other, and can be ended at any time."""

from __future__ import annotations

import pickle
import subprocess
import threading
from contextlib import suppress

from detent import TYPE_CHECKING
from detent.core.python_command import build_python_command
from detent.core.signals import defer_signals

if TYPE_CHECKING:
    from typing import Any


class PipeProcess:
    """A process, and the pipes to it. It ends when they are closed, or when this process dies."""

    def __init__(self, code: str) -> None:
        # Ctrl-C is for the process that hands out the work.
        with defer_signals("SIGINT"):
            self._process = subprocess.Popen(
                build_python_command(code), stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        self.id = self._process.pid
        self.is_late = False

    def ask(self, question: object, seconds: float) -> Any:
        """Have a question answered; after so many seconds the process is ended."""
        source, target = self._process.stdout, self._process.stdin
        assert source is not None
        assert target is not None
        timer = threading.Timer(seconds, self._end_late)
        timer.daemon = True
        timer.start()
        try:
            pickle.dump(question, target, pickle.HIGHEST_PROTOCOL)
            target.flush()
            return pickle.load(source)  # noqa: S301
        finally:
            timer.cancel()

    def _end_late(self) -> None:
        self.is_late = True
        self.kill()

    def kill(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()

    def close(self) -> None:
        """End the process, and wait for that."""
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        self._process.wait()
