"""Findings as lines for a person."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from operator import attrgetter

from detent import TYPE_CHECKING
from detent.core.escape import clean_path, clean_text, is_harmless

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from detent.core.model import FindingRow

    Paint = Callable[[str, str], str]

SEVERITIES = {"error": ("red", ""), "warning": ("yellow", " (warning)")}
_TOP = 5
_MOST = 20


def format_count(number: int, noun: str) -> str:
    """Count something: ``1 file``, ``2,000 files``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def format_findings(found: Iterable[FindingRow], paint: Paint) -> list[str]:
    """Write findings as ``path:line:column: CODE message [symbol]``, and warnings as such."""
    is_plain = paint("bold", "x") == "x"  # nobody would see colours
    lines = []
    for path, group in groupby(found, key=attrgetter("path")):
        shown, listed = clean_path(path), list(group)
        plain = _format_plain_rows(listed) if is_plain else []
        # Looking at all of a file at once takes a fraction of the time, and most is harmless.
        if plain and is_harmless("".join(plain)):
            lines += [shown + line for line in plain]
        else:
            lines += [_format_painted(shown, one, paint) for one in listed]
    return lines


def _format_plain_rows(found: Iterable[FindingRow]) -> list[str]:
    """Write what comes after the path in a list of a whole view, which may be very long."""
    marks = {severity: mark for severity, (_, mark) in SEVERITIES.items()}
    return [
        f":{one.line}:{one.column}: {one.code}{marks[one.severity]} {one.message} [{one.qualname}]"
        if one.qualname
        else f":{one.line}:{one.column}: {one.code}{marks[one.severity]} {one.message}"
        for one in found
    ]


def _format_painted(shown: str, finding: FindingRow, paint: Paint) -> str:
    colour, mark = SEVERITIES[finding.severity]
    place = paint("bold", f"{shown}:{finding.line}:{finding.column}:")
    name = paint("dim", f"[{clean_text(finding.qualname)}]") if finding.qualname else ""
    code = paint(colour, finding.code + mark)
    return f"{place} {code} {clean_text(finding.message)} {name}".rstrip()


def format_total(found: Sequence[FindingRow]) -> str:
    """Count findings, the files that they are in, and the warnings among them."""
    files = len({finding.path for finding in found})
    total = f"{format_count(len(found), 'finding')} in {format_count(files, 'file')}"
    warnings = len([one for one in found if one.severity != "error"])
    return f"{total}, {format_count(warnings, 'warning')} among them" if warnings else total


def format_failures(failures: Mapping[bytes, str]) -> list[str]:
    """Write which files could not be analysed, and why."""
    listed = sorted(failures.items())
    lines = [f"{clean_path(path)}: not analysed: {clean_text(why)}" for path, why in listed[:_MOST]]
    return [*lines, f"and {len(listed) - _MOST:,} more"] if len(listed) > _MOST else lines


def format_ranking(
    found: Sequence[FindingRow], titles: Mapping[str, str], paint: Paint
) -> list[str]:
    """Write which rules are broken most often, and in which files."""
    if not found:
        return []
    codes = Counter(one.code for one in found)
    files = Counter(one.path for one in found)
    lines = ["most often:"]
    lines += [
        f"  {count:>7,}  {paint('red', code)}  {titles.get(code, 'the file cannot be read')}"
        for code, count in codes.most_common(_TOP)
    ]
    lines.append("and most in:")
    lines += [f"  {count:>7,}  {clean_path(path)}" for path, count in files.most_common(_TOP)]
    return lines
