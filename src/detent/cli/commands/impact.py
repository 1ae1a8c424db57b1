"""Find what a change may affect: the code, and the tests, that reach what it changes by calls.

Without a name, the change is what is staged, or what --at has, compared with --base.

Examples
--------
detent impact                          # what the staged change may break
detent impact --at worktree --tests    # the tests that reach the uncommitted changes
detent impact Model.fit --hops 2
detent impact src/model.py             # all code of a file
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.context import Answer, add_common_arguments, answering
from detent.cli.graph_output import render_impact
from detent.cli.relation_output import add_relation_arguments
from detent.cli.symbol_output import describe_suggestion

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.api import Repository


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at="staged")
    parser.add_argument(
        "--base", default="HEAD", metavar="REV", help="what a change is compared with"
    )
    parser.add_argument("--hops", type=int, metavar="N", help="at most so many calls away")
    parser.add_argument("--tests", action="store_true", help="only code in files of tests")
    add_relation_arguments(parser, ("exact", "inferred"))
    parser.add_argument("name", nargs="?", help="a symbol, or a file from the root")


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the command."""
    shown = {"most_hops": namespace.hops, "least": namespace.min, "paths": namespace.prefix}
    if namespace.name:
        found = repository.find_impact(namespace.name, at=namespace.at, **shown)
    else:
        found = repository.find_change_impact(at=namespace.at, base=namespace.base, **shown)
    if namespace.tests:
        found = found.keep_tests()
    notes = describe_suggestion(namespace.name or "", found.suggestion)
    is_unknown = bool(namespace.name) and not found.roots
    return Answer(int(is_unknown), render_impact(found, namespace.limit), notes)
