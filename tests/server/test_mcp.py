"""The tools for assistants, driven by the SDK's own client."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

mcp = pytest.importorskip("mcp", reason="the SDK of MCP is not installed")

from mcp import Client, StdioServerParameters  # noqa: E402

from detent.server.mcp import build_server  # noqa: E402

if TYPE_CHECKING:
    from conftest import Sandbox

SOURCE = '''"""Models."""


class Model:
    """A model."""

    def fit(self, data):
        """Fit the model to data."""
        return helper(data)


def helper(data):
    """Prepare \x1b[31mdata."""
    return data
'''
FILES = {
    "pkg/__init__.py": "",
    "pkg/model.py": SOURCE,
    "use.py": "from pkg.model import Model\n\n\ndef run(m: Model):\n    m.fit(1)\n",
    "tests/test_use.py": "from use import run\n\n\ndef test_run():\n    run(None)\n",
}


@pytest.fixture(autouse=True)
def _committed(repo: Sandbox) -> None:
    repo.commit("begin", **FILES)


def ask(repo: Sandbox, tool: str, **arguments: Any) -> tuple[bool, str]:
    async def call() -> tuple[bool, str]:
        async with Client(build_server(str(repo.path))) as client:
            found = await client.call_tool(tool, arguments)
            return bool(found.is_error), found.content[0].text  # type: ignore[union-attr]

    return asyncio.run(call())


QUESTIONS: list[tuple[str, dict[str, Any], list[str]]] = [
    ("search_text", {"text": "def run"}, ["use.py:4: def run(m: Model):"]),
    ("search_text", {"text": "m.f.t", "how": "regex"}, ["use.py:5:     m.fit(1)"]),
    ("search_text", {"text": "def", "path": "use.py"}, ["use.py:4: def run(m: Model):"]),
    ("find_symbol", {"name": "Model.fit"}, ["pkg/model.py:7: method Model.fit(self, data)"]),
    ("find_symbol", {"name": "fitt"}, ["no symbol 'fitt': did you mean 'fit'?"]),
    (
        "find_references",
        {"name": "helper"},
        ["pkg/model.py:9: call of pkg/model.py:helper in Model.fit (exact)"],
    ),
    (
        "find_impact",
        {"name": "helper"},
        [
            "1 call away: pkg/model.py:Model.fit, through pkg/model.py:helper",
            "2 calls away: use.py:run, through pkg/model.py:Model.fit",
            "3 calls away: tests/test_use.py:test_run [test], through use.py:run",
        ],
    ),
]


@pytest.mark.parametrize(("tool", "arguments", "lines"), QUESTIONS)
def test_each_tool_answers(
    repo: Sandbox, tool: str, arguments: dict[str, Any], lines: list[str]
) -> None:
    is_error, answer = ask(repo, tool, **arguments)
    assert not is_error
    *found, stamp = answer.splitlines()
    assert found == lines
    assert "work tree at" in stamp or "staged files at" in stamp


def test_the_impact_and_the_check_of_a_change(repo: Sandbox) -> None:
    repo.write("pkg/model.py", SOURCE.replace("return data", "return [data]"))
    repo.write("new.py", "def undocumented(): pass\n")
    assert "nothing found" in ask(repo, "find_impact")[1]
    assert "Model.fit" in ask(repo, "find_impact", at="worktree")[1]
    repo.git("add", "-A")
    assert "test_run [test]" in ask(repo, "find_impact")[1]
    _, answer = ask(repo, "check_change")
    assert "new.py:1: GL08" in answer
    assert answer.splitlines()[-1].startswith("failed. [staged files")


def test_context_rules_and_history(repo: Sandbox) -> None:
    _, answer = ask(repo, "find_context", question="fit the model")
    assert "pkg/model.py:7: method Model.fit(self, data)  # Fit the model to data." in answer
    assert "\x1b" not in answer
    assert ask(repo, "explain_rule", code="PR01")[1].startswith("PR01: ")
    repo.commit("change helper", **{"pkg/model.py": SOURCE.replace("return data", "return 1")})
    _, answer = ask(repo, "show_history", name="helper")
    first, second, _ = answer.splitlines()
    assert first.endswith("changed pkg/model.py:helper: change helper")
    assert second.endswith("added pkg/model.py:helper: begin")


@pytest.mark.parametrize(
    ("tool", "arguments", "complaint"),
    [
        ("find_symbol", {"name": "f", "at": "nosuch"}, "no such revision: 'nosuch'"),
        ("find_symbol", {"name": "f", "at": "--output=x"}, "--output=x"),
        ("search_text", {"text": "f", "how": "magic"}, "unknown how 'magic'"),
        ("search_text", {"text": "f", "path": "../.."}, "no such path"),
        ("explain_rule", {"code": "XX99"}, "XX99"),
        ("show_history", {"name": "nosuch.thing"}, "nothing found"),
        ("find_symbol", {}, "name"),
    ],
)
def test_an_error_says_what_to_do(
    repo: Sandbox, tool: str, arguments: dict[str, Any], complaint: str
) -> None:
    _, answer = ask(repo, tool, **arguments)
    assert complaint in answer
    assert "Traceback" not in answer


@pytest.mark.parametrize("budget", [1, 50, 200, 1000])
def test_an_answer_keeps_to_its_budget(repo: Sandbox, budget: int) -> None:
    lines = "".join(f"def f{number}(a, b, c): pass\n" for number in range(300))
    repo.commit(**{"many.py": lines})
    for tool, arguments in (("find_symbol", {"name": "f*"}), ("search_text", {"text": "def f"})):
        _, answer = ask(repo, tool, **arguments, budget=budget)
        assert len(answer) <= max(4 * budget, 300)
        assert "more are left out" in answer


def test_a_process_answers_on_its_standard_streams(repo: Sandbox) -> None:
    server = StdioServerParameters(
        command=sys.executable, args=["-m", "detent", "-C", str(repo.path), "mcp"], env=repo.env
    )

    async def call() -> tuple[list[str], str]:
        async with Client(server) as client:
            tools = (await client.list_tools()).tools
            found = await client.call_tool("find_symbol", {"name": "run"})
            for tool in tools:
                assert tool.description
                assert json.dumps(tool.input_schema)
            return [tool.name for tool in tools], found.content[0].text  # type: ignore[union-attr]

    names, answer = asyncio.run(call())
    assert len(names) == 8
    assert answer.startswith("use.py:4: function run(m)")
