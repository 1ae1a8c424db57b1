"""The tools as an MCP server, by the official SDK."""

from __future__ import annotations

from functools import wraps

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from detent import TYPE_CHECKING, __version__
from detent.server.tools import QuestionError, Tools

if TYPE_CHECKING:
    from collections.abc import Callable

_INSTRUCTIONS = """\
Questions about one git repository, answered exactly from an index that is brought up to date by
itself. Each answer ends with the state that it is about. Answers are short; raise budget (tokens)
for more."""


def build_server(directory: str) -> MCPServer:
    """Make a server for a repository."""
    server = MCPServer("detent", instructions=_INSTRUCTIONS, version=__version__)
    for tool in Tools(directory).list_tools():
        server.add_tool(_report_errors(tool), structured_output=False)
    return server


def _report_errors(tool: Callable[..., str]) -> Callable[..., str]:
    @wraps(tool)
    def answer(*values: object, **named: object) -> str:
        try:
            return tool(*values, **named)
        except QuestionError as error:
            raise ToolError(str(error)) from error

    return answer
