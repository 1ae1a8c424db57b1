"""What numpydoc says of a file, and why it differs from what the audit says.

The reasons are those of ``docs/numpydoc-differences.md``, under the same names.
"""

from __future__ import annotations

import ast
import re
import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

from numpydoc.hooks.validate_docstrings import AstValidator
from numpydoc.validate import ALLOWED_SECTIONS, ERROR_MSGS, validate

from detent.audit.audit_file import audit_file
from detent.audit.parse.docstring import ParsedDocstring, has_interface_section, parse_docstring
from detent.audit.symbol_tree import list_expected_parameters
from languages.python.support import extract_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from detent.core.model import Symbol

DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


class Difference(NamedTuple):
    """A code that one of the two finds on a symbol, and the other does not."""

    code: str
    ours: bool
    symbol: Symbol
    partner: Symbol | None
    doc: ParsedDocstring


class Comparison(NamedTuple):
    """Agreements, and differences each with its reason, empty where none is known.

    Symbols that numpydoc cannot judge count as `stopped` where it fails, `unvisited` where it does
    not come.
    """

    agreements: int
    differences: list[tuple[str, Difference]]
    stopped: int
    unvisited: int


class Fast(AstValidator):  # type: ignore[misc]
    """numpydoc's own, without reading the file again for each function."""

    lines: list[str]

    @property
    def method_source(self) -> str:
        first, *rest = self.lines[self.node.lineno - 1 : self.node.end_lineno]
        return "\n".join([first[self.node.col_offset :], *rest])


def reports(path: Path, source: str) -> dict[int, list[tuple[str, str]] | None]:
    """Codes and messages by line of the definition, 0 for the module; None where it failed."""
    found: dict[int, list[tuple[str, str]] | None] = {}
    Fast.lines = source.split("\n")
    for stack in _stacks([ast.parse(source)]):
        name = ".".join(getattr(node, "name", path.stem) for node in stack)
        line = getattr(stack[-1], "lineno", 0)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                report = validate(
                    name, Fast, ast_node=stack[-1], filename=path, ancestry=stack[:-1]
                )
        except (ValueError, TypeError, SyntaxError):
            found[line] = None
        else:
            found[line] = list(report["errors"])
    return found


def _stacks(stack: list[ast.AST]) -> Iterator[list[ast.AST]]:
    """Visit what numpydoc visits: definitions directly inside definitions."""
    yield stack
    body: list[Any] = getattr(stack[-1], "body", [])
    for node in body:
        if isinstance(node, DEFINITIONS):
            yield from _stacks([*stack, node])


def compare(path: Path, source: str) -> Comparison:
    """Compare the audit with numpydoc, symbol by symbol and code by code."""
    theirs = reports(path, source)
    listed = extract_facts(source.encode()).symbols
    ours: list[set[str]] = [set() for _ in listed]
    for finding in audit_file(listed):
        if finding.code in ERROR_MSGS:
            ours[finding.symbol].add(finding.code)
    agreements = stopped = unvisited = 0
    differences = []
    for index, symbol in enumerate(listed):
        line = symbol.line if index else 0
        report = theirs.get(line)
        if report is None:
            stopped += line in theirs
            unvisited += line not in theirs
            continue
        expected = {code for code, _ in report}
        agreements += len(expected & ours[index])
        for code in sorted(expected ^ ours[index]):
            difference = Difference(
                code,
                code in ours[index],
                symbol,
                _partner(listed, index),
                parse_docstring(symbol.docstring.text if symbol.docstring else ""),
            )
            differences.append((reason(difference), difference))
    return Comparison(agreements, differences, stopped, unvisited)


def _partner(listed: tuple[Symbol, ...], index: int) -> Symbol | None:
    symbol = listed[index]
    if symbol.name == "__init__":
        return listed[symbol.parent]
    inits = [s for s in listed if s.parent == index and s.name == "__init__"]
    return inits[-1] if inits and symbol.kind == "class" else None


def reason(difference: Difference) -> str:
    """Name the known reason for a difference; empty where there is none."""
    for name, (codes, ours, explains) in REASONS.items():
        side = ours is None or ours is difference.ours
        if side and re.fullmatch(codes, difference.code) and explains(difference):
            return name
    return ""


def _text(difference: Difference) -> str:
    return difference.symbol.docstring.text if difference.symbol.docstring else ""


def _titles(difference: Difference) -> list[str]:
    return [section.title for section in difference.doc.sections if section.exact]


def _names(difference: Difference) -> list[str]:
    return [name.text for entry in difference.doc.parameters for name in entry.names]


def _named_twice(difference: Difference) -> bool:
    references = [name.text for item in difference.doc.references for name in item.names]
    lists = (_names(difference), references)
    return any(len(names) != len(set(names)) for names in lists)


def _commas(difference: Difference) -> bool:
    entries = difference.doc.parameters
    heads = [difference.doc.text.bare[entry.type.line] for entry in entries]
    return any(re.search(r"\s,|,(?! \S)|\s$", head.partition(" : ")[0]) for head in heads)


def _documented_elsewhere(difference: Difference) -> bool:
    partner = difference.partner
    if partner is None or partner.docstring is None or _names(difference):
        return False
    return has_interface_section(partner.docstring.text, "Parameters", "Other Parameters")


def _hides_title(difference: Difference) -> bool:
    text = difference.doc.text
    below = [text.bare[line + 1] for line in text.literal if line + 1 < len(text.bare)]
    return any(line.startswith(("--", "==")) for line in below)


#: Reason: which codes, who finds it (None: either), and whether it explains the difference.
REASONS: dict[str, tuple[str, bool | None, Callable[[Difference], bool]]] = {
    "empty-module": ("GL08", False, lambda d: "empty" in d.symbol.flags),
    "one-docstring": ("GL08", False, lambda d: d.partner is not None),
    "unseen-section": (".*", None, lambda d: any(s.flaw for s in d.doc.sections)),
    "literal-block": (".*", None, _hides_title),
    "receives": ("GL0[67]", False, lambda d: "Receives" in _titles(d)),
    "unknown-order": (
        "GL07",
        False,
        lambda d: bool({*_titles(d)} - {*ALLOWED_SECTIONS}),
    ),
    "verbs": ("SS05", False, lambda _: True),
    "no-init": ("PR0[123]", None, lambda d: d.symbol.kind == "class" and d.partner is None),
    "documented-elsewhere": ("PR01", False, _documented_elsewhere),
    "implicit-first": ("PR0[123]", None, lambda d: d.symbol.kind == "method" and bool(
        d.symbol.params
    ) and (
        d.symbol.params[0].name in {"mcs", "mcls", "metacls"}
        or d.symbol.name == "__new__"
        or "classmethod" in d.symbol.decorators
    ) and d.symbol.params[0].name not in {"cls", "self"}),
    "escaped-stars": ("PR04", False, lambda d: r"\*" in _text(d)),
    "glued-colon": ("PR0[1-4]", None, lambda d: any(e.has_tight_colon for e in d.doc.parameters)),
    "starred-colon": ("PR10", True, lambda d: any(
        entry.has_tight_colon and entry.names[0].text.startswith("*") for entry in d.doc.parameters
    )),
    "commas": ("PR0[1-4]", None, _commas),
    "named-twice": ("PR0[2-9]|SA0[234]", True, _named_twice),
    "hidden-order": (
        "PR03",
        True,
        lambda d: {*_names(d)} != {*list_expected_parameters(d.partner or d.symbol)}
        or "Other Parameters" in _titles(d),
    ),
    "composed-names": ("PR0[12]", False, lambda d: not _text(d).isascii()),
    "braces": ("PR0[789]", True, lambda d: any("{" in e.type.text for e in d.doc.parameters)),
    "property": ("RT01", False, lambda d: any(
        re.search(r"(property|\bgetter|\bcache_readonly)$", x.partition("(")[0])
        for x in d.symbol.decorators
    )),
    "nested-return": ("RT01", False, lambda d: "returns" not in d.symbol.flags),
    "none": ("RT03", False, lambda d: any("None" in e.type.text for e in d.doc.returns)),
    "yields": ("YD01", None, lambda d: d.ours is ("yields-value" in d.symbol.flags)),
    "trailing-space": (
        "SS03|PR09|RT05|SA02",
        False,
        lambda d: re.search(r"[^\S\n](\n|$)", _text(d)) is not None,
    ),
}  # fmt: skip
