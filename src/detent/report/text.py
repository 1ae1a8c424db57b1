"""Findings and tables as lines of text."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from operator import attrgetter

from detent import TYPE_CHECKING
from detent.core.escape import clean_path, clean_text, is_harmless

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from detent.core.model import FindingRow

    Paint = Callable[[str, str], str]

#: The colour and the mark of each severity.
SEVERITIES = {"error": ("red", ""), "warning": ("yellow", " (warning)")}
_MOST_RANKED = 5
_MOST_FAILURES = 20


def format_count(number: int, noun: str) -> str:
    """Write a number and its noun: ``1 file``, ``2,000 files``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def align_columns(rows: Sequence[Sequence[str]], *, right: Collection[int] = ()) -> list[str]:
    """Pad the cells of a table, so that its columns line up; some of them to the right."""
    cells = [[clean_text(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]


def format_findings(findings: Iterable[FindingRow], paint: Paint) -> list[str]:
    """Write findings as ``path:line:column: CODE message [symbol]``, with a mark on warnings."""
    is_plain = paint("bold", "x") == "x"
    lines = []
    for path, group in groupby(findings, key=attrgetter("path")):
        shown, listed = clean_path(path), list(group)
        plain = _format_plain(listed) if is_plain else []
        # Most text needs no cleaning, and checking that for a file at once is much faster.
        if plain and is_harmless("".join(plain)):
            lines += [shown + line for line in plain]
        else:
            lines += [_format_painted(shown, finding, paint) for finding in listed]
    return lines


def _format_plain(findings: Iterable[FindingRow]) -> list[str]:
    """Write what comes after the path, without colours and not cleaned."""
    marks = {severity: mark for severity, (_, mark) in SEVERITIES.items()}
    return [
        f":{row.line}:{row.column}: {row.code}{marks[row.severity]} {row.message} [{row.qualname}]"
        if row.qualname
        else f":{row.line}:{row.column}: {row.code}{marks[row.severity]} {row.message}"
        for row in findings
    ]


def _format_painted(shown: str, finding: FindingRow, paint: Paint) -> str:
    colour, mark = SEVERITIES[finding.severity]
    place = paint("bold", f"{shown}:{finding.line}:{finding.column}:")
    name = paint("dim", f"[{clean_text(finding.qualname)}]") if finding.qualname else ""
    code = paint(colour, finding.code + mark)
    return f"{place} {code} {clean_text(finding.message)} {name}".rstrip()


def format_total(findings: Sequence[FindingRow]) -> str:
    """Write how many findings there are, in how many files, and how many are warnings."""
    files = len({finding.path for finding in findings})
    total = f"{format_count(len(findings), 'finding')} in {format_count(files, 'file')}"
    warnings = len([finding for finding in findings if finding.severity != "error"])
    return f"{total}, {format_count(warnings, 'warning')} among them" if warnings else total


def format_failures(failures: Mapping[bytes, str]) -> list[str]:
    """Write which files could not be analysed, and why."""
    listed = sorted(failures.items())
    lines = [
        f"{clean_path(path)}: not analysed: {clean_text(reason)}"
        for path, reason in listed[:_MOST_FAILURES]
    ]
    rest = len(listed) - len(lines)
    return [*lines, f"and {rest:,} more"] if rest else lines


def format_ranking(
    findings: Sequence[FindingRow], titles: Mapping[str, str], paint: Paint
) -> list[str]:
    """Write the most frequent rules, and the files with most findings."""
    if not findings:
        return []
    codes = Counter(finding.code for finding in findings).most_common(_MOST_RANKED)
    files = Counter(finding.path for finding in findings).most_common(_MOST_RANKED)
    lines = ["most often:"]
    lines += [
        f"  {count:>7,}  {paint('red', code)}  {titles.get(code, 'the file cannot be read')}"
        for code, count in codes
    ]
    lines.append("and most in:")
    return [*lines, *(f"  {count:>7,}  {clean_path(path)}" for path, count in files)]
