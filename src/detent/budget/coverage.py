"""Docstring coverage: which symbols need a docstring, and which of them have one."""

from __future__ import annotations

from collections import defaultdict

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple
from detent.core.results import DocstringCounts, make_finding_row, sum_counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from detent.audit.selection.select import FileRules, Selection
    from detent.core.model import FileFacts, FindingRow, Symbol

    Files = Iterable[tuple[bytes, FileFacts]]

#: What coverage can be grouped by; a package is a directory.
GROUPINGS = ("package", "kind", "file")


class Coverage(NamedTuple):
    """Docstring coverage of some files."""

    groups: dict[str, DocstringCounts]  # by package, kind or file
    undocumented: list[tuple[bytes, Symbol]]  # symbols that lack a docstring, in file order

    @property
    def total(self) -> DocstringCounts:
        """The counts of all groups together."""
        return sum_counts(self.groups.values())


def check_docstrings(facts: FileFacts, rules: FileRules) -> Iterator[tuple[Symbol, bool]]:
    """Yield each symbol that needs a docstring, and whether it has one."""
    missing = {finding.symbol for finding in facts.findings if finding.code == "GL08"}
    for number, symbol in enumerate(facts.symbols):
        if rules.needs_docstring(symbol):
            yield symbol, number not in missing


def count_coverage(files: Files, selection: Selection, by: str = "package") -> Coverage:
    """Count the symbols that need a docstring, and those that have none."""
    documented: defaultdict[str, list[bool]] = defaultdict(list)
    undocumented = []
    for path, facts in files:
        group = _name_file_group(path, by)
        rules = selection.resolve_file(path.decode("utf-8", "replace"))
        for symbol, has_docstring in check_docstrings(facts, rules):
            role = rules.resolve_role(symbol) if by == "kind" else group
            documented[role].append(has_docstring)
            if not has_docstring:
                undocumented.append((path, symbol))
    groups = {
        name: DocstringCounts(len(flags), flags.count(False)) for name, flags in documented.items()
    }
    return Coverage(groups, undocumented)


def _name_file_group(path: bytes, by: str) -> str:
    group = path if by == "file" else path.rpartition(b"/")[0] or b"."
    return group.decode("utf-8", "surrogateescape")


def list_undocumented_symbols(files: Files, selection: Selection) -> list[FindingRow]:
    """List the findings of symbols that need a docstring and have none."""
    found = []
    for path, facts in files:
        rules = selection.resolve_file(path.decode("utf-8", "replace"))
        for finding in facts.findings:
            symbol = facts.symbols[finding.symbol]
            if finding.code == "GL08" and rules.needs_docstring(symbol):
                found.append(make_finding_row(path, finding, symbol))
    return found
