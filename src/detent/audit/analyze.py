"""Bytes of one file to its facts with the findings of all rules.

After an edit, findings are reused for symbols that all rules judge as before. Comparing symbols
imports no rule: loading the rules takes longer than judging what was edited.
"""

from __future__ import annotations

from operator import attrgetter

from detent import TYPE_CHECKING
from detent.audit.audit_file import audit_file
from detent.audit.symbol_tree import build_symbol_tree
from detent.languages import get_language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from detent.audit.symbol_tree import SymbolTree
    from detent.core.model import FileFacts, Finding, Symbol
    from detent.languages.base import Analysis, PreviousVersion

#: The languages that have docstrings for the rules to judge.
_AUDITED = frozenset({"python", "cython"})
# A body of no more lines counts as a stub: see DT202.
_STUB_LINES = 2
_CONSTRUCTORS = ("__init__", "__new__")
_POSITION = attrgetter(
    "line",
    "column",
    "code",
    "subject",
    "message",
    "requires_addition",
    "pending_on",
    "numpydoc_only",
    "symbol",
)

# What the rules read of a symbol besides its docstring, its layout and other symbols.
_IDENTITY = attrgetter(
    "kind",
    "name",
    "qualname",
    "visibility",
    "decorators",
    "bases",
    "params",
    "returns",
    "flags",
    "raises",
    "caught",
    "attributes",
    "described",
    "ignores",
    "docstring_text",
)


def analyze_file(raw: bytes, language: str = "python") -> FileFacts:
    """Collect the facts and all findings of one file."""
    return analyze_content(raw, language).facts


def analyze_content(raw: bytes, language: str, previous: PreviousVersion | None = None) -> Analysis:
    """Collect the facts and all findings of one file: after an edit, only what may have changed."""
    analysis = get_language(language).analyze(raw, previous)
    facts = analysis.facts
    findings = list(facts.findings)
    if language in _AUDITED:
        if previous is None or analysis.changed is None:
            findings += audit_file(facts.symbols)
        else:
            findings += _audit_changes(facts, analysis.changed, previous.facts)
    findings.sort(key=_POSITION)
    return analysis._replace(facts=facts._replace(findings=tuple(findings)))


def _audit_changes(
    facts: FileFacts, changed: Mapping[int, int], before: FileFacts
) -> list[Finding]:
    """Audit changed symbols, except those for which all rules give the previous findings."""
    olds, news = build_symbol_tree(before.symbols), build_symbol_tree(facts.symbols)
    reused = {
        old: new
        for new, old in changed.items()
        if old >= 0 and is_reusable(olds, news, old=old, new=new)
    }
    findings = []
    for finding in before.findings:
        if (new := reused.get(finding.symbol)) is not None:
            lines = count_shifted_lines(before.symbols[finding.symbol], facts.symbols[new])
            findings.append(finding._replace(symbol=new, line=finding.line + lines))
    if numbers := changed.keys() - reused.values():
        findings += audit_file(facts.symbols, numbers)
    return findings


def is_reusable(olds: SymbolTree, news: SymbolTree, *, old: int, new: int) -> bool:
    """Tell whether all rules give the same findings for two symbols, apart from their lines.

    The sources of the docstrings are not compared: facts from a store do not have them.
    """
    before, after = olds.symbols[old], news.symbols[new]
    if not _is_same_symbol(before, after):
        return False
    if before.kind == "class":
        if before.params or "attribute" in (before.docstring_text or "").lower():
            return _list_class_hashes(olds, old) == _list_class_hashes(news, new)
        return _has_same_init(olds, news, old=old, new=new)
    if before.kind != "method":
        return True
    old_class, new_class = olds.symbols[before.parent], news.symbols[after.parent]
    if before.name == "__init__" and not (
        _is_same_symbol(old_class, new_class)
        and _has_same_init(olds, news, old=before.parent, new=after.parent)
    ):
        return False
    return old_class.bases == new_class.bases


def count_shifted_lines(old: Symbol, new: Symbol) -> int:
    """Count the lines by which the findings of a symbol have moved."""
    if old.docstring and new.docstring and new.docstring.text:
        return new.docstring.line - old.docstring.line
    return new.line - old.line


def _list_class_hashes(tree: SymbolTree, number: int) -> list[tuple[str, str]]:
    """List name and hash of a class and of its bases in the same scope."""
    parent, found = tree.symbols[number].parent, [number]
    for index in found:
        for base in tree.symbols[index].bases:
            candidates = tree.classes.get((parent, base.partition("[")[0]), ())
            found += [index for index in candidates if index not in found]
    return [(tree.symbols[index].name, tree.symbols[index].body) for index in found]


def _has_same_init(olds: SymbolTree, news: SymbolTree, *, old: int, new: int) -> bool:
    before, after = _list_inits(olds, old), _list_inits(news, new)
    if not before and not after:
        return True
    return len(before) == len(after) == 1 and _is_same_symbol(before[0], after[0])


def _list_inits(tree: SymbolTree, parent: int) -> list[Symbol]:
    children = [tree.symbols[number] for number in tree.children.get(parent, ())]
    return [symbol for symbol in children if symbol.name in _CONSTRUCTORS]


def _is_same_symbol(old: Symbol, new: Symbol) -> bool:
    if old.directives or new.directives or _IDENTITY(old) != _IDENTITY(new):
        return False
    source = new.docstring.source if new.docstring else ""
    return _measure_layout(old, source) == _measure_layout(new, source)


def _measure_layout(symbol: Symbol, source: str) -> tuple[int, int, int]:
    """Return the columns, and the number of lines below the docstring as far as rules count."""
    doc = symbol.docstring
    lines = symbol.end_line - doc.line - source.count("\n") if doc else 0
    return symbol.column, doc.column if doc else 0, min(lines, _STUB_LINES)
