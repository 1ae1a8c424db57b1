"""Show the pages of rules: what they find, why that matters, an example, and how to change them.

Examples
--------
detent rule PR01                  # one rule; `detent audit --explain PR01` shows the same
detent rule PR01 GL08
detent rule --all                 # every rule
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.api.explain import explain_rule, list_rule_titles
from detent.cli.audit_output import render_rule
from detent.cli.context import add_format_argument
from detent.core.errors import UsageError
from detent.report import console, data

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_format_argument(parser)
    parser.add_argument("--all", action="store_true", help="every rule")
    parser.add_argument("codes", nargs="*", metavar="CODE", help="such as PR01")


def run(namespace: Namespace) -> int:
    """Run the command."""
    if namespace.all == bool(namespace.codes):
        raise UsageError("name rules, or --all", "detent rule PR01")
    codes = list_rule_titles() if namespace.all else [code.upper() for code in namespace.codes]
    pages = [explain_rule(code) for code in codes]
    if namespace.format == "json":
        console.write_line(data.render_json("rule/1", rules=[page._asdict() for page in pages]))
        return 0
    for number, page in enumerate(pages):
        console.write_lines([*([""] if number else []), *render_rule(page)])
    return 0
