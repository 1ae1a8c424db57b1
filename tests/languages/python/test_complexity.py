"""Shapes of definitions, by hand and against ``ast``."""

from __future__ import annotations

import argparse
import ast
import dataclasses
import inspect
import json.decoder
import tarfile
import typing
from typing import TYPE_CHECKING

import pytest

from detent.core.model import Shape
from languages.python.support import extract_facts, symbols
from test_style import decisions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
SCOPES = (*FUNCTIONS, ast.ClassDef)
HEADS = {
    "if a: pass": (2, 1),
    "if a: pass\n elif b: pass\n else: pass": (3, 1),
    "if a:\n  pass\n else:\n  if b: pass": (3, 2),
    "for a in b: pass\n else: pass": (2, 1),
    "async for a in b: pass": (2, 1),
    "while a: pass": (2, 1),
    "with a: pass": (1, 1),
    "try: pass\n except A: pass\n except B: pass\n finally: pass": (3, 1),
    "try: pass\n except* A: pass": (2, 1),
    "assert a": (2, 0),
    "x = a and b and c or d": (4, 0),
    "x = 'a'if b else'c'": (2, 0),
    "x = [a for a in b for c in d if e if f]": (5, 0),
    "x = lambda: a if b else c": (2, 0),
    "match a:\n  case 1: pass\n  case b: pass": (2, 1),
    "match a:\n  case 1 | 2: pass\n  case _ if b: pass\n  case (_): pass": (3, 1),
    "match a:\n  case None: pass\n  case b, c: pass\n  case d.e: pass": (4, 1),
    "if a:\n  def g():\n   if b:\n    if c: pass": (2, 1),
    "x = 'if and or'  # if and or": (1, 0),
    "x = f'{a if b else c} and'": (2, 0),
}
HEADERS = {
    "def f(): pass": 0,
    "def f(self, a): pass": 2,
    "def f(a, /, b, *c, d=1, **e): pass": 5,
    "class A:\n def f(self, a): pass": 1,
    "class A:\n def f(this): pass": 1,
    "class A:\n @classmethod\n def f(cls): pass": 0,
    "class A:\n @staticmethod\n def f(a): pass": 1,
}


@pytest.mark.parametrize("body", HEADS)
def test_complexity_and_nesting(body: str) -> None:
    shape = symbols(f"async def f():\n {body}\n")["f"].shape
    assert (shape.complexity, shape.nesting) == HEADS[body]


@pytest.mark.parametrize("code", HEADERS)
def test_parameters(code: str) -> None:
    found = symbols(f"{code}\n")
    assert (found.get("f") or found["A.f"]).shape.parameters == HEADERS[code]


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("def f(): pass\n", 1),
        ("def f(): pass", 1),
        ("@a\ndef f(\n):\n\n  # b\n  pass\n\n# c\n", 5),
        ("def f():\n  '''A.\n\n  B.\n  '''\n  pass\n", 2),
        ("def f(): '''A.'''\n", 1),
        ("def f(): '''A.\n  B.'''\n", 1),
        ("def f():\n  'A\\n\\n\\nb'\n", 1),
        ("def f():\n  def g():\n    '''A.'''\n    pass\n", 4),
    ],
)
def test_lines_are_those_without_the_docstring(code: str, lines: int) -> None:
    assert symbols(code)["f"].shape.lines == lines


def test_the_lines_of_a_module() -> None:
    assert symbols('"""A.\n\nB."""\nx = 1\ny = 2\n')[""].shape == Shape(2)
    assert symbols("")[""].shape == Shape(0)


def own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """Yield what belongs to a definition: decorators of what is nested in it, not its own."""
    decorators = getattr(scope, "decorator_list", [])
    pending = [node for node in ast.iter_child_nodes(scope) if node not in decorators]
    while pending:
        node = pending.pop()
        if isinstance(node, SCOPES):
            pending += node.decorator_list
            continue
        yield node
        pending += ast.iter_child_nodes(node)


@pytest.mark.parametrize(
    "module", [argparse, ast, dataclasses, inspect, json.decoder, tarfile, typing]
)
def test_complexity_is_what_the_syntax_tree_says(module: ModuleType) -> None:
    code = inspect.getsource(module)
    expected = {
        (node.lineno, node.name): 1 + sum(map(decisions, own_nodes(node)))
        for node in ast.walk(ast.parse(code))
        if isinstance(node, SCOPES)
    }
    facts = extract_facts(code.encode())
    found = {(symbol.line, symbol.name): symbol.shape.complexity for symbol in facts.symbols[1:]}
    assert found == expected
