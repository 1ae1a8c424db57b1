"""The tables of numpydoc's own tests, as far as a file alone can tell.

They are read from the installed copy as text, so nothing of it is imported; numpydoc's test modules
execute what they check. The cases of its hook are in ``tests/commands/test_lint.py``.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpydoc
import pytest
from numpydoc.validate import ERROR_MSGS

from detent.audit.audit_file import audit_file
from languages.python.support import extract_facts

from .oracle import REASONS, compare, reports

SUITE = Path(numpydoc.__file__).parent / "tests/test_validate.py"

HOOKED = SUITE.parent / "hooks/example_module.py"

pytestmark = pytest.mark.skipif(not SUITE.is_file(), reason="this numpydoc has no tests beside it")

#: What differs, with the reason's name on the page of differences.
DIFFERENT = {
    ("BadParameters.bad_parameter_spacing", "PR01"): "commas",
    ("BadParameters.bad_parameter_spacing", "PR02"): "commas",
    ("IncompleteConstructorDocumentedInClass.__init__", "GL08"): "one-docstring",
    (
        "IncompleteConstructorDocumentedinEmbeddedClass.EmbeddedClass1.EmbeddedClass2.__init__",
        "GL08",
    ): "one-docstring",
}


class Judged(NamedTuple):
    """A definition of the suite: the codes of the audit, and numpydoc's with their messages."""

    ours: set[str]
    theirs: list[tuple[str, str]]


def _table(function: str) -> list[Any]:
    """Rows of the table above a test, but for those that numpydoc itself expects to fail."""
    if not SUITE.is_file():
        return []
    rows = []
    for node in ast.walk(ast.parse(SUITE.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef) and node.name == function:
            for decorator in node.decorator_list:
                assert isinstance(decorator, ast.Call)
                rows += [_value(row) for row in decorator.args[1].elts]  # type: ignore[attr-defined]
    return [row for row in rows if row is not None]


def _value(node: ast.expr) -> Any:
    if isinstance(node, ast.Call):  # a row marked as failing, or an empty tuple
        return () if ast.unparse(node) == "tuple()" else None
    if isinstance(node, ast.Tuple):
        return tuple(_value(element) for element in node.elts)
    return ast.literal_eval(node)


@cache
def _suite() -> dict[str, Judged]:
    source = SUITE.read_text("utf-8")
    symbols, theirs = extract_facts(source.encode()).symbols, reports(SUITE, source)
    judged = {symbol.qualname: Judged(set(), theirs.get(symbol.line) or []) for symbol in symbols}
    for finding in audit_file(symbols):
        if finding.code in ERROR_MSGS:
            judged[symbols[finding.symbol].qualname].ours.add(finding.code)
    return judged


def test_the_tables_are_read() -> None:
    names = ("test_bad_docstrings", "test_good_functions", "test_constructor_docstrings")
    lengths = [len(_table(name)) for name in names]
    assert all(now >= then for now, then in zip(lengths, (40, 19, 6), strict=True)), lengths
    assert set(DIFFERENT.values()) <= set(REASONS)


@pytest.mark.parametrize("name", _table("test_good_functions"))
def test_good_functions(name: str) -> None:
    assert _suite()[f"GoodDocStrings.{name}"].ours == set()


def test_good_class() -> None:
    assert _suite()["GoodDocStrings"].ours == set()


@pytest.mark.parametrize("name", _table("test_bad_generic_functions"))
def test_bad_generic_functions(name: str) -> None:
    holders = [f"{holder}.{name}" for holder in ("BadGenericDocStrings", "WarnGenericFormat")]
    assert all(_suite()[name].ours for name in holders if name in _suite())


@pytest.mark.parametrize(("holder", "name", "messages"), _table("test_bad_docstrings"))
def test_bad_docstrings(holder: str, name: str, messages: tuple[str, ...]) -> None:
    qualname = f"{holder}.{name}"
    judged = _suite()[qualname]
    for message in messages:
        (code,) = {code for code, said in judged.theirs if message in said}
        assert (code in judged.ours) != ((qualname, code) in DIFFERENT)


@pytest.mark.parametrize(
    ("holder", "expected", "excluded", "allowed"), _table("test_constructor_docstrings")
)
def test_constructors(holder: str, expected: Any, excluded: Any, allowed: Any) -> None:
    suite, name = _suite(), f"{holder}.__init__"
    assert suite[holder].ours <= ({allowed} if isinstance(allowed, str) else set(allowed))
    for code in expected:
        assert (code in suite[name].ours) != ((name, code) in DIFFERENT)
    assert suite[name].ours.isdisjoint(excluded)


def test_dataclass_and_property() -> None:
    assert _suite()["DataclassWithDocstring"].ours <= {"ES01", "SA01", "EX01", "PR01"}
    assert _suite()["ClassWithPropertyObject.param1"].ours <= {"ES01", "SA01", "EX01"}


@pytest.mark.parametrize("name", ["foo", "bar", "baz"])
def test_generators_below_decorators(name: str) -> None:
    qualname = f"test_is_generator_validation_with_decorator.{name}"
    assert "YD01" in _suite()[qualname].ours


@pytest.mark.parametrize(("source", "expected"), _table("test_extract_ignore_validation_comments"))
def test_ignore_comments(source: str, expected: dict[int, list[str]]) -> None:
    found = {
        symbol.line: symbol.ignores
        for symbol in extract_facts(source.encode()).symbols
        if symbol.ignores
    }
    assert found == {line: frozenset(codes) for line, codes in expected.items()}


def test_the_module_that_the_hook_is_tested_on() -> None:
    comparison = compare(HOOKED, HOOKED.read_text("utf-8"))
    found = [
        (why, difference.code, difference.symbol.qualname)
        for why, difference in comparison.differences
    ]
    assert found == [
        ("one-docstring", "GL08", "MyClass.__init__"),
        ("documented-elsewhere", "PR01", "NewClass.BadConstructor.__init__"),
    ]
    assert comparison.agreements >= 20
