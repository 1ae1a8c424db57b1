"""What all commands have in common: their arguments, and how they answer."""

from __future__ import annotations

from contextlib import suppress

from detent import TYPE_CHECKING
from detent.api import STAGED, WORKTREE, open_repository
from detent.cli.run_deadline import enforce_deadline
from detent.config import GATES, RUN_SECONDS
from detent.core.errors import DetentError, UsageError
from detent.core.namedtuple import NamedTuple
from detent.report import console

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Iterable, Mapping

    from detent.api import Repository

    Renderer = Callable[[], str | Iterable[str]]


#: The options with a value that may also stand before the command.
GLOBAL_OPTIONS = ("-C", "--color")


class Answer(NamedTuple):
    """What a command found out, and how to write it."""

    status: int  # exit status
    renderers: Mapping[str, Renderer]  # by format; called only for the one that is wanted
    notes: Iterable[str] = ()  # for a person, on standard error
    finish: Callable[[], None] | None = None  # done last, such as writing files


def answering(
    command: Callable[[Repository, Namespace], Answer],
) -> Callable[[Namespace], int]:
    """Make a function that opens the repository, runs a command and writes its answer."""

    def run(namespace: Namespace) -> int:
        with open_repository(
            namespace.directory,
            store=getattr(namespace, "store", None),
            progress=console.make_step_progress(),
            is_one_run=True,
        ) as repository:
            with enforce_deadline(_choose_deadline(repository, namespace), alone=False):
                answer = command(repository, namespace)
            if not getattr(namespace, "quiet", False):
                console.print_notes([*repository.notes, *answer.notes])
            written = answer.renderers[getattr(namespace, "format", "text")]()
            console.write_lines([written] if isinstance(written, str) else written)
            if answer.finish is not None:
                answer.finish()
        is_excused = answer.status == 1 and getattr(namespace, "exit_zero", False)
        return 0 if is_excused else answer.status

    return run


def add_global_arguments(parser: ArgumentParser, *, is_before_command: bool = False) -> None:
    """Add the arguments that may also stand before the command."""
    from argparse import SUPPRESS

    where, colors = GLOBAL_OPTIONS
    parser.add_argument(
        where,
        dest="directory",
        metavar="DIR",
        default=None if is_before_command else SUPPRESS,
        help="work in this directory",
    )
    parser.add_argument(
        colors,
        choices=("auto", "always", "never"),
        default="auto" if is_before_command else SUPPRESS,
        help="colours in the output (default: auto, on a terminal)",
    )


def _choose_deadline(repository: Repository, namespace: Namespace) -> float | None:
    """Choose how many seconds the command may take; None for one that runs others."""
    if getattr(namespace, "is_endless", False):
        return None
    with suppress(DetentError):  # what is wrong with settings is for the command to report
        return repository.load_settings().deadline or RUN_SECONDS
    return RUN_SECONDS


def add_location_arguments(
    parser: ArgumentParser, *, store: bool = True, default: str | None = None
) -> None:
    """Add the arguments that say where the repository and its index are."""
    add_global_arguments(parser)
    if store:
        parser.add_argument(
            "--store",
            metavar="PATH",
            default=default,
            help="the index file (.sqlite, .duckdb); memory: keeps none (default: in .git)",
        )


def add_common_arguments(
    parser: ArgumentParser, *, at: str | None, formats: tuple[str, ...] = ("text", "json")
) -> None:
    """Add the arguments that most commands take."""
    from argparse import SUPPRESS

    known = at is None
    add_location_arguments(parser, default=SUPPRESS if known else None)
    add_format_argument(parser, formats, default=SUPPRESS if known else formats[0])
    parser.add_argument(
        "--at",
        metavar="VIEW",
        default=SUPPRESS if at is None else at,
        help="staged, worktree, or a revision" + ("" if at is None else f" (default: {at})"),
    )


def add_format_argument(
    parser: ArgumentParser, formats: tuple[str, ...] = ("text", "json"), *, default: str = "text"
) -> None:
    """Add the argument that chooses the format of the answer."""
    parser.add_argument("--format", choices=formats, default=default, help=f"default: {formats[0]}")


def add_verbosity_arguments(parser: ArgumentParser) -> None:
    """Add the arguments for printing less or more."""
    volume = parser.add_mutually_exclusive_group()
    volume.add_argument("-q", "--quiet", action="store_true", help="print only what fails")
    volume.add_argument(
        "-v", "--verbose", action="store_true", help="also list skipped files, and why"
    )


def add_exit_argument(parser: ArgumentParser) -> None:
    """Add the argument for reporting without failing."""
    parser.add_argument(
        "--exit-zero",
        action="store_true",
        help="end with status 0 instead of 1, whatever is found",
    )


def add_check_arguments(parser: ArgumentParser, *, base: str) -> None:
    """Add the arguments of a check."""
    parser.add_argument(
        "--base",
        metavar="REV",
        help=f"compare with the merge base of REV and the checked version (default: {base})",
    )
    parser.add_argument(
        "--gate",
        choices=GATES,
        help="which findings fail the check: new (default), touched symbols, all, or none",
    )
    add_exit_argument(parser)


def parse_codes(text: str) -> tuple[str, ...]:
    """Read codes, or beginnings of codes, separated by commas or spaces."""
    codes = tuple(text.upper().replace(",", " ").split())
    if not codes:
        raise UsageError("--select and --ignore need a code", "such as PR or RT01")
    return codes


def parse_share(text: str) -> float:
    """Read a share as a number up to 1, or in percent."""
    number, is_percentage = text.removesuffix("%"), text.endswith("%")
    try:
        share = float(number) / (100 if is_percentage else 1)
    except ValueError:
        share = 0.0
    if not 0 < share <= 1:
        raise UsageError(
            f"a share is above 0, up to 1 or 100%, not {text!r}", "for example: --fresh 5%"
        )
    return share


def describe_view(view: str, tree: str, different: int = 0) -> str:
    """Name a view with the tree that it is taken from, and say how many files differ from it."""
    name = {STAGED: "staged files", WORKTREE: "work tree"}.get(view, view)
    verb = "file differs" if different == 1 else "files differ"
    fresh = f", {different:,} {verb} from it" if different else ""
    return f"{name} at {tree[:10]}{fresh}"
