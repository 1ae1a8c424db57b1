"""The command line: arguments to a command, and every error to a message and an exit status."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress

from detent import TYPE_CHECKING
from detent.core.errors import DetentError, OutputError
from detent.core.signals import install_handlers
from detent.report import console

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence
    from types import SimpleNamespace

_DEFECT_STATUS = 4
_INTERRUPTED_STATUS = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    try:
        namespace = _read_arguments(arguments)
        namespace.alone = argv is None
        console.choose_colors(namespace.color)
        return _run_command(namespace)
    except DetentError as error:
        console.print_note(f"detent: {error.message}")
        if error.hint:
            console.print_note(f"  {error.hint}")
        return error.status
    except KeyboardInterrupt:
        console.print_note("detent: interrupted")
        return _INTERRUPTED_STATUS
    except Exception as error:
        return _report_defect(error)


def _read_arguments(arguments: Sequence[str]) -> Namespace | SimpleNamespace:
    """Read the arguments; those of a git hook without what it takes to make a parser."""
    if arguments[:1] == ["hook"]:
        from detent.cli.commands import hook

        if plain := hook.parse_hook_arguments(arguments[1:]):
            return plain
    from detent.cli.parser import parse_arguments

    return parse_arguments(arguments)


def _run_command(namespace: Namespace | SimpleNamespace) -> int:
    status = int(namespace.run(namespace))
    console.flush()
    return status


def _report_defect(error: Exception) -> int:
    import traceback

    last = traceback.extract_tb(error.__traceback__)[-1]
    console.print_note(f"detent: a defect in detent: {type(error).__name__}: {error}")
    console.print_note(
        f"  in {last.name}, {last.filename}:{last.lineno}; please report it with this line"
    )
    return _DEFECT_STATUS


def entry() -> None:
    """Run as a program."""
    console.open_missing_streams()
    install_handlers()
    # What a run allocates lives until its end: looking for cycles in it is a fifth of the time.
    gc.disable()
    status = main()
    with suppress(OutputError):  # `main` has reported it
        console.flush()
    # Nothing is left to do, and taking apart what a run has made is a tenth of its time.
    os._exit(status)
