"""Every test that the pages of promises name exists, so that they cannot rot."""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import TYPE_CHECKING

import pytest

from conftest import SOURCE
from situations import SITUATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = SOURCE / "tests"
PAGES = ["guarantees.md", "git-cases.md", "security.md"]
HEADS = ("guarantee", "situation", "promise")


@cache
def functions(file: str) -> frozenset[str]:
    if file == "situations.py":
        return frozenset(SITUATIONS)
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def faults(cell: str) -> Iterator[str]:
    """Name what a cell says and the tests do not have; a name alone is of the file before it."""
    file = ""
    found = re.findall(r"`([^`]+)`", cell)
    if not found:
        yield f"no test: {cell}"
    for token in found:
        place, colons, name = token.rpartition("::")
        if colons or not re.fullmatch(r"\w+", token):
            file = place if colons else token
            if not any((root / file).exists() for root in (TESTS, SOURCE)):
                yield f"no such file: {token}"
                return
        if (colons or token == name != file) and name not in functions(file):
            yield f"no such test: {file}::{name}"


def page(name: str) -> str:
    return (SOURCE / "docs" / name).read_text("utf-8")


def rows(text: str) -> list[list[str]]:
    lines = text.splitlines()
    cells = [line.strip("|").split(" | ") for line in lines if line.startswith("| ")]
    return [[cell.strip() for cell in row] for row in cells if row[0].strip() not in HEADS]


@pytest.mark.parametrize("name", PAGES)
def test_every_row_names_tests_that_exist(name: str) -> None:
    found = rows(page(name))
    assert len(found) > 5
    cells = [row[-1] for row in found if row[-1] != "the same"]
    assert [fault for cell in cells for fault in faults(cell)] == []


@pytest.mark.parametrize("name", PAGES)
def test_what_is_named_in_the_text_exists(name: str) -> None:
    named = re.findall(r"`([\w/]+\.py::(?!NAME)\w+)`", page(name))
    assert [fault for one in named for fault in faults(f"`{one}`")] == []


def test_every_situation_is_in_the_page() -> None:
    named = set(re.findall(r"`(?:situations\.py::)?(\w+)`", page("git-cases.md")))
    assert set(SITUATIONS) - named == set()


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("`test_promises.py::test_every_situation_is_in_the_page`, `rows`", []),
        ("`situations.py::renamed`, `copied`, `benchmarks/replay.py`, `languages/`", []),
        ("`test_promises.py::nothing`", ["no such test: test_promises.py::nothing"]),
        ("`test_promises.py::rows`, `nothing`", ["no such test: test_promises.py::nothing"]),
        ("`situations.py::edited`, `nowhere`", ["no such test: situations.py::nowhere"]),
        ("`test_nothing.py`", ["no such file: test_nothing.py"]),
        ("nothing", ["no test: nothing"]),
    ],
)
def test_what_is_no_test_is_found(cell: str, expected: list[str]) -> None:
    assert list(faults(cell)) == expected
