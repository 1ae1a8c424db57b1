"""Fixes of the lines with a parameter and its type, and entries for undocumented parameters."""

from __future__ import annotations

import re

from detent import TYPE_CHECKING
from detent.audit.fix.described import is_described
from detent.audit.fix.edits import Edit, find_offset, insert_text
from detent.audit.fix.fixer import FixCase, register_fix
from detent.audit.parse.docstring import PARAMETERS
from detent.core.escape import sanitize_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from detent.audit.parse.entries import Entry
    from detent.audit.parse.sections import Section
    from detent.audit.rule import Target
    from detent.core.model import Param, Symbol

_PYTHON_NAMES = {"integer": "int", "boolean": "bool", "string": "str"}
# A type by itself, or in a list of types: not "format string", "boolean expression" or 'string'.
_BEFORE = re.compile(r"(?:^|[,;(\[{|:]|\b(?:of|or|and|a|an|either|single|optional))\s*$")
_ANY_BEFORE = re.compile(r"(?:^|[\w,;(\[|:])\s*$")
_AFTER = re.compile(
    r"\s*(?:$|[,;)\]|(]|(?:or|and|in|array|arrays|list|tuple|optional|default|scalar|mask)\b)"
)
_PROSE = re.compile(r"(?:the|this|if|whether|when|which|number|name|see|used)\b", re.IGNORECASE)
_SIMPLE = re.compile(r"[\w.\[\], |*'-]{1,60}")
_VALUE = re.compile(r"[-+]?\w[\w.+-]{0,29}|'[\w .,:/-]{0,20}'|\"[\w .,:/-]{0,20}\"|\(\)|\[\]|\{\}")


@register_fix("PR06")
def _write_python_name(case: FixCase) -> Iterator[Edit]:
    """Replace a type by its name in Python, where the word is a type of its own."""
    line, column = case.mark.place
    content = case.target.doc.text.lines[line]
    word = next((name for name in _PYTHON_NAMES if content.startswith(name, column)), "")
    entry = _find_entry(case, line)
    if not word or entry is None or content[column - 1 : column] in "'\"`.-/_":
        return
    preceding = content[entry.type.column : column]
    before = _BEFORE if word == "string" else _ANY_BEFORE
    if before.search(preceding) and _AFTER.match(content, column + len(word)):
        start = find_offset(case.target.doc.text, line, column)
        yield Edit(start, start + len(word), _PYTHON_NAMES[word])


@register_fix("PR10")
def _space_colon(case: FixCase) -> Iterator[Edit]:
    """Put spaces around the colon after names that the signature has."""
    line, _ = case.mark.place
    text, entry = case.target.doc.text, _find_entry(case, line)
    if entry is None or not all(name.text in (case.target.signature or ()) for name in entry.names):
        return
    content, last = text.lines[line], entry.names[-1]
    end = content.find(":", last.column)
    kind = content[end + 1 :].strip()
    names = content[last.column : end].rstrip()
    if not kind or ":" in kind or kind[-1] in ".:" or _PROSE.match(kind):
        return
    start = last.column + len(names)
    right = end + 1 + len(content[end + 1 :]) - len(content[end + 1 :].lstrip())
    yield Edit(find_offset(text, line, start), find_offset(text, line, right), " : ")


@register_fix("PR01")
def _add_stub(case: FixCase) -> Iterator[Edit]:
    """Add an entry without a description, so that nobody takes it for documentation."""
    doc, signature = case.target.doc, case.target.signature or ()
    wanted = {sanitize_name(name): name for name in signature}
    name = wanted[case.mark.subject]
    if _has_other_place(case.target, name):
        return
    section = doc.find_section("Parameters")
    if section is not None:
        yield from _add_to_section(case, section, name)
    elif doc.find_section(*PARAMETERS) is None:
        headers = [_write_header(case, wanted[subject]) for subject in case.subjects]
        yield from _add_section(case, ["Parameters", "-" * len("Parameters"), *headers])


def _has_other_place(target: Target, name: str) -> bool:
    """Tell whether a parameter is described in another form, or its class gets the section."""
    partner = _find_partner(target)
    texts = ["\n".join(target.doc.text.lines)]
    if partner is not None and partner.docstring is not None:
        texts.append(partner.docstring.text)
        if partner.kind == "class" and target.doc.find_section(*PARAMETERS) is None:
            return True
    return is_described(name, target.signature or (), texts)


def _find_partner(target: Target) -> Symbol | None:
    """Find the ``__init__`` of a class, or the class of an ``__init__``."""
    symbol = target.symbol
    if symbol.kind == "class":
        return target.owner if target.owner and target.owner.name == "__init__" else None
    is_init = symbol.name == "__init__" and symbol.kind == "method"
    return target.tree.symbols[symbol.parent] if is_init else None


def _add_to_section(case: FixCase, section: Section, name: str) -> Iterator[Edit]:
    """Insert an entry into the existing section."""
    text = case.target.doc.text
    line = _find_entry_line(case, section, name)
    if not section.flaw and section.exact and line < len(text.lines):
        margin = text.lines[section.line][: text.indents[section.line]]
        yield insert_text(find_offset(text, line), f"{margin}{_write_header(case, name)}\n")


def _add_section(case: FixCase, written: list[str]) -> Iterable[Edit]:
    """Insert a section before the others, or at the end where there is none."""
    if case.target.doc.sections:
        return _add_section_before(case, written)
    return _add_section_at_end(case, written)


def _add_section_before(case: FixCase, written: list[str]) -> Iterator[Edit]:
    """Insert a section before the first one."""
    text, first = case.target.doc.text, case.target.doc.sections[0]
    if first.line and not first.flaw and first.exact:
        margin = text.lines[first.line][: text.indents[first.line]]
        block = "".join([f"{margin}{line}\n" for line in written])
        yield insert_text(find_offset(text, first.line), f"{block}\n")


def _add_section_at_end(case: FixCase, written: list[str]) -> Iterator[Edit]:
    """Add a section at the end."""
    text = case.target.doc.text
    _, last = text.trim_blank_lines(0, len(text.lines))
    if last:
        block = "".join([f"\n{case.margin}{line}" for line in written])
        start = find_offset(text, last - 1, len(text.lines[last - 1].rstrip()))
        yield Edit(start, find_offset(text, len(text.lines)), f"\n{block}\n{case.indent}")


def _find_entry_line(case: FixCase, section: Section, wanted: str) -> int:
    """Find the line before which an entry belongs in the order of the signature."""
    signature = list(case.target.signature or ())
    at = signature.index(wanted)
    heads = {
        name.text: name.line
        for name in case.target.documented_names.values()
        if section.first <= name.line < section.last
    }
    end = section.last if heads else section.line + 2
    above = [*filter(None, map(heads.get, signature[:at]))]
    if above:
        return min([*(line for line in heads.values() if line > above[-1]), end])
    return next(filter(None, map(heads.get, signature[at + 1 :])), end)


def _write_header(case: FixCase, name: str) -> str:
    """Write the first line of an entry, with the type and default of the signature."""
    param = case.params.get(name.lstrip("*"))
    if param is None or name.startswith("*"):
        return name
    kind = _write_type(param)
    default = _write_default(param)
    parts = [part for part in (kind, default if kind else "") if part]
    return f"{name} : {', '.join(parts)}" if parts else name


def _write_type(param: Param) -> str:
    """Write an annotation as a type; empty if it is not simple."""
    written = " ".join((param.annotation or "").split())
    if written[:1] in {'"', "'"} and written[:1] == written[-1:]:
        written = written[1:-1]
    return written if _SIMPLE.fullmatch(written) and "''" not in written else ""


def _write_default(param: Param) -> str:
    """Write the default of a parameter, or only that it is optional."""
    if param.default is None:
        return ""
    if param.default == "None" or not _VALUE.fullmatch(param.default):
        return "optional"
    return f"default {param.default}"


def _find_entry(case: FixCase, line: int) -> Entry | None:
    """Find the entry whose first line this is."""
    listed: Iterable[Entry] = case.target.doc.parameters
    return next((entry for entry in listed if entry.type.line == line), None)
