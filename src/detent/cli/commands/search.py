"""Find text in all files of a view, in any version of them.

In a pipe the output is that of `git grep -n`; control characters other than tabs are escaped.

Examples
--------
detent search 'import os'
detent search --regex '^class .*Error' --files
detent search --ranked 'mean of absolute values' --mode code
detent search --word fit --lang python --path src
detent search --history np.int --limit 20
detent search TODO --at v1.0 --context 2 --format json
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.context import Answer, add_common_arguments, answering
from detent.cli.search_output import render_search

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.api import Repository


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at="worktree")
    syntax = parser.add_mutually_exclusive_group()
    for option, what in (
        ("word", "only where no letter, digit or underscore is beside it"),
        ("regex", "a regular expression of Python, for each line"),
        ("ranked", "words: the definitions and paragraphs that fit them best, 20 without --limit"),
    ):
        syntax.add_argument(
            f"--{option}",
            dest="syntax",
            action="store_const",
            const=option,
            default="literal",
            help=what,
        )
    parser.add_argument(
        "--path",
        action="append",
        default=[],
        help="only what is in this file or directory; may be repeated",
    )
    parser.add_argument(
        "--history",
        action="store_true",
        help="the commits that added or removed such lines, of all branches and tags, or of --at",
    )
    parser.add_argument("--lang", default="", help="only files in this language")
    parser.add_argument(
        "--mode",
        choices=("code", "prose", "extracted-prose", "records"),
        default="",
        help="only files of this kind; extracted-prose is comments and docstrings",
    )
    parser.add_argument(
        "--context", type=int, default=0, metavar="N", help="so many lines around each"
    )
    parser.add_argument("--limit", type=int, metavar="N", help="at most so many (default: all)")
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--files", action="store_true", help="only the names of files")
    shown.add_argument("--count", action="store_true", help="only how many lines each file has")
    parser.add_argument("text", help="what to find")


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the command."""
    from detent.api.search import SearchOptions

    options = SearchOptions(
        syntax=namespace.syntax,
        language=namespace.lang,
        mode=namespace.mode,
        context=max(0, namespace.context),
        limit=namespace.limit,
        history=namespace.history,
    )
    found = repository.search(
        namespace.text, at=namespace.at, paths=namespace.path, options=options
    )
    shape = "files" if namespace.files else "count" if namespace.count else "lines"
    return Answer(0 if found.matches else 1, render_search(found, shape))
