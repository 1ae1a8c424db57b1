"""Answer the questions of an assistant over MCP, on standard input and output.

It needs the extra git-detent[mcp].

Examples
--------
detent mcp --help
detent -C . mcp < /dev/null          # what an assistant starts; docs/mcp.md says how to register it
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.context import add_global_arguments
from detent.core.errors import MeasurementError

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_global_arguments(parser)


def run(namespace: Namespace) -> int:
    """Run the command."""
    try:
        from detent.server.mcp import build_server
    except ImportError as error:
        hint = "python -m pip install 'git-detent[mcp]'"
        raise MeasurementError("the SDK of MCP is not installed", hint) from error
    build_server(namespace.directory or ".").run("stdio")
    return 0
