"""Check files as ``numpydoc lint`` does: the same arguments, settings, codes and form of output.

It can replace numpydoc's command and its hook. Files are checked as they are on disk, in a git
repository or outside of one; files that cannot be read are reported, and the rest goes on. Every
symbol is checked, as with ``[tool.numpydoc_validation]`` in the settings, whether or not that is
there.

Examples
--------
detent lint src/mine.py
detent lint --ignore GL08,SS03 src/mine.py
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from detent import TYPE_CHECKING
from detent.api.lint import lint_files
from detent.cli.context import add_exit_argument
from detent.cli.run_deadline import enforce_deadline
from detent.config import RUN_SECONDS
from detent.core.errors import UsageError
from detent.core.escape import clean_path
from detent.report import console

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable

_CODE = re.compile(r"[A-Z]{2}\d{2,3}")


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "--config",
        metavar="DIR",
        help="directory of the settings (default: for each file, the nearest directory that has "
        "settings, up to the root of the repository)",
    )
    parser.add_argument(
        "--ignore",
        action="append",
        default=[],
        metavar="CODES",
        help="codes to ignore, separated by commas or spaces; may be repeated",
    )
    add_exit_argument(parser)
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="files, directories (the files in them that detent reads), or - for standard input",
    )


def run(namespace: Namespace) -> int:
    """Run the command."""
    with enforce_deadline(RUN_SECONDS, alone=False):
        return _lint_files(namespace)


def _lint_files(namespace: Namespace) -> int:
    """Print findings file by file; give the exit status."""
    has_errors = has_failures = False
    ignore = _parse_codes(namespace.ignore)
    if namespace.config is not None and not Path(namespace.config).is_dir():
        raise UsageError(f"--config: no such directory: {namespace.config}", "name a directory")
    for result in lint_files(namespace.files, settings=namespace.config, ignore=ignore):
        shown = clean_path(os.fsencode(result.name))
        if result.failure:
            has_failures = True
            _print_line(f"{shown}: {result.failure}")
        for finding in result.findings:
            _print_line(f"{shown}:{finding.line}: {finding.code} {finding.message}")
        has_errors = has_errors or result.has_errors
    if has_errors:
        return 0 if namespace.exit_zero else 1
    return 3 if has_failures else 0


def _print_line(line: str) -> None:
    """Write as numpydoc does: to standard error, each line after an empty one."""
    console.print_note("")
    console.print_note(line)


def _parse_codes(given: Iterable[str]) -> list[str]:
    codes = [code for words in given for code in re.split(r"\W+", words) if code]
    for code in codes:
        if not _CODE.fullmatch(code):
            raise UsageError(f"--ignore: unknown code {code!r}", "a code looks like PR01")
    return codes
