"""All regular expressions of detent, each with inputs that would make it slow.

``python tests/pumps.py`` prints the growth of each: how the time of the worst input depends on its
length, as an exponent. ``python tests/pumps.py watch`` prints the name of each expression, applies
it to its inputs, and to longer ones of those that took their time: what is not linear never ends.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import math
import pkgutil
import re
import sys
import time
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any, NamedTuple

import detent
from detent.audit.parse import defaults
from detent.audit.rules import summary
from detent.audit.selection import overrides
from detent.config import Override
from detent.core import globs
from detent.languages.python import class_attributes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import ModuleType

SOURCE = Path(detent.__file__).parent
ANYWHERE = ("search", "finditer", "findall", "sub", "subn", "split")
#: What functions of `re` take besides the text.
FUNCTIONS = (*ANYWHERE, "match", "fullmatch", "compile")
#: Lengths of the inputs: of all, and of those that took longer than so many seconds.
LENGTH, LONG, SUSPECT = 8_000, 300_000, 0.004
GLOBS = ("*a*b", "**/a/**/b", "**/*a*/**/*b*/c", "a?[b-c]*d/**", "?*" * 20 + "z", "*/" * 20 + "z")
NAME_GLOBS = ("*a*b", "*.a*" * 40 + "b", "?*" * 40 + "z", "a.b", "[a-b]*[!a]")
#: How to compile, for hostile arguments, what is put together when the program runs.
BUILDERS: dict[str, Callable[[], Iterable[re.Pattern[Any] | None]]] = {
    "audit.parse.defaults._compile_patterns": defaults._compile_patterns,
    "audit.parse.positions._find_closing_quotes": lambda: [
        re.compile(rf"(?s:\\.)|{quotes}") for quotes in ('"', "'", '"""', "'''")
    ],
    "audit.rules.summary._compile_phrases": lambda: [summary._compile_phrases()],
    "api.install._render_hook": list,  # applied to our own template
    "api.proposal._count_sections": lambda: [re.compile(r"(?m)^[ \t]*(?:Notes|Raises)[ \t]*$")],
    "audit.selection.overrides._compile_names": lambda: [
        pattern
        for glob in NAME_GLOBS
        for pattern in overrides.compile_override(Override(symbols=(glob,))).names
    ],
    "budget.rules._compile_pattern": list,  # applied to our own names of metrics only
    "config.lines.find_line": list,  # held by tests/config/test_lines.py
    "config.values.require_patterns": list,  # only compiled there
    "languages.python.refusals._binds_exception": lambda: [
        re.compile(rb"\b(?:import|class|as)\b[^\n]*\be\b")
    ],
    "languages.python.refusals._find_names": lambda: [re.compile(rb"\bname\b")],
    "core.globs.compile_globs": lambda: [globs.compile_globs((glob,)) for glob in GLOBS],
    "audit.selection.select._join_patterns": list,  # those of settings: see `values`
    "audit.selection.select._explain_exclusion": list,
    "query.text.expressions.make_finder": list,  # a person's: applied in a process with a deadline
    "languages.python.class_attributes._compile_assignment": lambda: [
        class_attributes._compile_assignment(name) for name in (b"self", b"s")
    ],
    "languages.python.unchanged.has_ignore_comments": list,  # two plain words
}
#: Those of them that are tried at the beginning of a text only.
AT_START = {
    "audit.rules.summary._compile_phrases",
    "audit.selection.overrides._compile_names",
    "core.globs.compile_globs",
}
#: Expressions that see short texts only, each with the length of the longest.
SHORT = {
    "audit.parse.defaults.tokenize_value": 160,
    "audit.parse.defaults.is_literal": 160,
    "audit.rules.raises._is_readable": 200,
    "core.globs._PARTS": 4096,
    "core.globs.compile_globs": 4096,
}


class Expression(NamedTuple):
    """One expression, and how the program uses it."""

    name: str
    pattern: re.Pattern[Any]
    method: str  # ``search`` and ``finditer`` try it at each position


def list_expressions() -> list[Expression]:
    """List all expressions: those of modules, those in functions, those put together."""
    found: dict[tuple[str, str], Expression] = {}
    for module in map(importlib.import_module, sorted(_list_modules())):
        uses = _list_uses(module)
        for name, value in vars(module).items():
            members = value.values() if isinstance(value, dict) else [value]
            for pattern in filter(lambda member: isinstance(member, re.Pattern), members):
                for method in uses.get(name, {"finditer"}):
                    key = f"{module.__name__.removeprefix('detent.')}.{name}"
                    found[f"{key} {pattern.pattern!r}", method] = Expression(key, pattern, method)
    for name, pattern, method in _list_inline():
        found[f"{name} {pattern.pattern!r}", method] = Expression(name, pattern, method)
    for name, build in BUILDERS.items():
        method = "match" if name in AT_START else "finditer"
        for pattern in filter(None, build()):
            found[f"{name} {pattern.pattern!r}", method] = Expression(name, pattern, method)
    return list(found.values())


def _list_modules() -> Iterator[str]:
    for module in pkgutil.walk_packages(detent.__path__, "detent."):
        if not module.name.endswith("__main__"):
            yield module.name


def _list_uses(module: ModuleType) -> dict[str, set[str]]:
    """List the methods of expressions that a module calls, by name."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Attribute) and node.attr in FUNCTIONS:
            found.setdefault(ast.unparse(node.value), set()).add(node.attr)
    return found


def _list_inline() -> Iterator[tuple[str, re.Pattern[Any], str]]:
    """Yield the expressions that functions give to ``re``; `BUILDERS` must have the others."""
    for path in sorted(SOURCE.rglob("*.py")):
        module = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                yield from _list_in_function(function, module)


def _list_in_function(
    function: ast.FunctionDef, module: str
) -> Iterator[tuple[str, re.Pattern[Any], str]]:
    namespace = vars(importlib.import_module(f"detent.{module}"))
    methods = {
        id(node.value): node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)
    }
    for node in ast.walk(function):
        if not (isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re.")):
            continue
        method = ast.unparse(node.func)[3:]
        if method not in FUNCTIONS:
            continue
        name = f"{module}.{function.name}"
        try:
            # Our own source, not the code under audit.
            written = eval(ast.unparse(node.args[0]), dict(namespace))
        except NameError:
            assert name in BUILDERS, f"{name}: add a line to BUILDERS in tests/pumps.py"
            continue
        if name not in BUILDERS:
            method = methods.get(id(node), "finditer") if method == "compile" else method
            yield name, re.compile(written), method


def list_pumps(pattern: re.Pattern[Any]) -> list[tuple[str, str, str]]:
    """List beginnings, what is repeated, and ends that may keep an expression busy."""
    written = pattern.pattern
    text = written.decode("latin-1") if isinstance(written, bytes) else written
    tree = parser.parse(text, pattern.flags & ~re.LOCALE)
    chars = sorted(_list_chars(tree))[:12]
    repeats = list(dict.fromkeys(_list_repeats(tree, "")))[:40]
    units = [*chars, *(a + b for a in chars[:7] for b in chars[:7] if a != b)]
    found = [("", unit, end) for unit in units for end in ("", "\0")]
    for start, body in repeats:
        for unit in dict.fromkeys([body, *chars[:6], f"{body}{chars[0]}" if chars else body]):
            if unit:
                found += [(start, unit, end) for end in ("", "\0", "!")]
                found.append(("", start + unit, "\0"))
    return list(dict.fromkeys(found))


def _list_chars(tree: Any) -> set[str]:
    """List one character for each part of an expression that takes one."""
    return set("".join(sample for _, sample in _walk(tree) if len(sample) == 1))


def _walk(tree: Any) -> Iterator[tuple[Any, str]]:
    for op, value in tree:
        yield op, _sample_item(op, value)
        for inner in _list_inner(op, value):
            yield from _walk(inner)


def _list_inner(op: Any, value: Any) -> list[Any]:
    if op in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return [value[2]]
    if op is codes.SUBPATTERN:
        return [value[3]]
    if op is codes.BRANCH:
        return list(value[1])
    if op in (codes.ASSERT, codes.ASSERT_NOT):
        return [value[1]]
    return [value] if op is codes.ATOMIC_GROUP else []


def _list_repeats(tree: Any, before: str) -> Iterator[tuple[str, str]]:
    """Yield for each repeat what leads to it and what it repeats."""
    for op, value in tree:
        if op in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT) and value[1] > 8:
            yield from ((before, sample) for sample in _sample_variants(value[2]))
        for inner in _list_inner(op, value):
            yield from _list_repeats(inner, before)
        before += _sample_item(op, value)


def _sample_variants(tree: Any) -> Iterator[str]:
    """Yield texts that match, one for each branch, with optional parts and without."""
    yield _sample(tree)
    for number, item in enumerate(tree):
        op, value = item
        if op in (codes.SUBPATTERN, codes.ATOMIC_GROUP):
            inner = value[3] if op is codes.SUBPATTERN else value
            op, value = inner[0] if len(inner) == 1 else (None, None)
        before, after = _sample(tree[:number]), _sample(tree[number + 1 :])
        if op is codes.BRANCH:
            yield from (before + _sample(branch) + after for branch in value[1])
        elif op in (codes.MAX_REPEAT, codes.MIN_REPEAT) and not value[0]:
            yield before + _sample(value[2]) + after


def _sample(tree: Any) -> str:
    return "".join(_sample_item(op, value) for op, value in tree)


def _sample_item(op: Any, value: Any) -> str:
    """Give a short text that a part of an expression matches."""
    if op is codes.LITERAL:
        return chr(value)
    if op in (codes.NOT_LITERAL, codes.ANY):
        return "a" if value != ord("a") else "b"
    if op is codes.IN:
        return _sample_set(value)
    if op in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return str(_sample(value[2]) * min(value[0], 50))
    inner = _list_inner(op, value)
    return _sample(inner[0]) if inner and op not in (codes.ASSERT, codes.ASSERT_NOT) else ""


def _sample_set(members: Any) -> str:
    if members[0][0] is codes.NEGATE:
        taken = {value for op, value in members if op is codes.LITERAL}
        return next(char for char in "a .\t\n!" if ord(char) not in taken)
    for op, value in members:
        if op is codes.LITERAL:
            return chr(value)
        if op is codes.RANGE:
            return chr(value[0])
    named = {codes.CATEGORY_SPACE: " ", codes.CATEGORY_DIGIT: "0", codes.CATEGORY_NOT_SPACE: "."}
    return str(named.get(members[0][1], "a"))


def run_pump(expression: Expression, pump: tuple[str, str, str], length: int) -> float:
    """Apply an expression to a text as the program does; return the seconds that it took."""
    start, unit, end = pump
    length = min(length, SHORT.get(expression.name, length))
    text: Any = (start + unit * (length // len(unit)))[:length] + end
    if isinstance(expression.pattern.pattern, bytes):
        text = text.encode("latin-1", "replace")
    call = getattr(
        expression.pattern,
        expression.method if expression.method in ("match", "fullmatch", "search") else "finditer",
    )
    begin = time.process_time()
    found = call(text)
    if hasattr(found, "__next__"):
        for _ in found:
            pass
    return time.process_time() - begin


def watch_expressions() -> None:
    """Run all pumps of all expressions, and say before each what may hang."""
    for expression in list_expressions():
        name = f"{expression.name} ({expression.method}) {expression.pattern.pattern!r}"
        sys.stdout.write(f"{name}\n")
        sys.stdout.flush()
        for pump in list_pumps(expression.pattern):
            if run_pump(expression, pump, LENGTH) > SUSPECT:
                sys.stdout.write(f"{name} {pump}\n")
                sys.stdout.flush()
                run_pump(expression, pump, LONG)
    sys.stdout.write("end\n")


def measure_growth(expression: Expression) -> tuple[float, tuple[str, str, str]]:
    """Measure the exponent of the worst pump, from one length to four times of it."""
    worst = (0.0, ("", "", ""))
    for pump in list_pumps(expression.pattern):
        length = 2_000
        while run_pump(expression, pump, length) < 0.0005 and length < 500_000:
            length *= 4
        short, long = (
            min(run_pump(expression, pump, size) for _ in range(3)) for size in (length, 4 * length)
        )
        if long > 0.0005:
            worst = max(worst, (math.log(long / max(short, 1e-7), 4), pump))
    return worst


def main() -> None:
    if sys.argv[1:2] == ["watch"]:
        watch_expressions()
        return
    for expression in list_expressions():
        exponent, pump = measure_growth(expression)
        written = expression.pattern.pattern
        name = f"{expression.name} ({expression.method})"
        sys.stdout.write(f"{exponent:4.1f}  {name}  {written!r:.80}  {pump!r}\n")


if __name__ == "__main__":
    main()
