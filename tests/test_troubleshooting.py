"""The page that explains messages explains those that detent prints, and all that matter."""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import TYPE_CHECKING

from conftest import SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = (SOURCE / "docs/troubleshooting.md").read_text("utf-8")
HEADINGS = re.findall(r"^### (.+)$", PAGE, re.MULTILINE)
#: Stands for a part that is different each time.
GAP = "…"
#: Messages about settings and arguments name the place and the fix, and need no page.
ERRORS = {"GitError", "UnmergedError", "MeasurementError", "OutputError", "AnalysisFailure"}
ERRORS |= {"StoreError", "DamagedStore", "ForeignStore", "OtherVersion"}
#: These cannot happen unless Python or git is broken.
NEVER = {"git cat-file has no pipes"}


@cache
def trees() -> list[ast.Module]:
    return [ast.parse(path.read_text("utf-8")) for path in (SOURCE / "src/detent").rglob("*.py")]


def template(node: ast.expr) -> str | None:
    """Give the text of a literal, with gaps for what is filled in."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        parts = [str(one.value) if isinstance(one, ast.Constant) else GAP for one in node.values]
        return "".join(parts)
    return None


@cache
def literals() -> set[str]:
    found = {
        template(node) for tree in trees() for node in ast.walk(tree) if isinstance(node, ast.expr)
    }
    return {one for one in found if one}


def raised() -> Iterator[str]:
    """Give the messages of errors that are no mistake in the settings or arguments."""
    for tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args:
                name = ast.unparse(node.func).rpartition(".")[2]
                message = template(node.args[0]) if name in ERRORS else None
                if message and message.strip(GAP):
                    yield message


def fits(heading: str, message: str) -> bool:
    """Whether the parts of a heading stand in a message, in their order."""
    start = 0
    for part in heading.strip(GAP).split(GAP):
        start = message.find(part, start)
        if start < 0:
            return False
        start += len(part)
    return True


def test_every_heading_is_a_message() -> None:
    known = literals()
    assert len(HEADINGS) > 20
    assert [one for one in HEADINGS if not any(fits(one, text) for text in known)] == []


def test_every_message_has_a_heading() -> None:
    messages = set(raised()) - NEVER
    assert len(messages) > 15
    assert [one for one in messages if not any(fits(head, one) for head in HEADINGS)] == []


def test_a_message_that_has_gone_is_noticed() -> None:
    assert not any(fits("the index lacks … of the files", text) for text in literals())
    assert fits("the index lacks … files of …", "the index lacks … of the … files of …")
