"""Findings as lines for a person."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from operator import itemgetter

from detent import TYPE_CHECKING
from detent.core.escape import clean, clean_path, is_harmless
from detent.core.model import Listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from detent.audit.matching import Located

    Paint = Callable[[str, str], str]

SEVERITIES = {"error": ("red", ""), "warning": ("yellow", " (warning)")}
_TOP = 5
_MOST = 20


def plural(number: int, noun: str) -> str:
    """Count something: ``1 file``, ``2,000 files``.

    Parameters
    ----------
    number : int
        How many.
    noun : str
        In the singular; an s makes the plural.

    Returns
    -------
    str
        Number and noun.
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def finding_lines(found: Iterable[Located | Listed], paint: Paint) -> list[str]:
    """Write findings as ``path:line:column: CODE message [symbol]``, and warnings as such.

    Parameters
    ----------
    found : iterable of Located or Listed
        In the order to be shown.
    paint : callable
        Colours a text.

    Returns
    -------
    list of str
        A line for each.
    """
    is_plain = paint("bold", "x") == "x"  # nobody would see colours
    lines = []
    for path, group in groupby(found, key=itemgetter(0)):
        shown, listed = clean_path(path), list(group)
        plain = _plain(listed) if is_plain else []
        # Looking at all of a file at once takes a fraction of the time, and most is harmless.
        if len(plain) == len(listed) and is_harmless("".join(plain)):
            lines += [shown + line for line in plain]
        else:
            lines += [_painted(shown, one, paint) for one in listed]
    return lines


def _plain(found: Iterable[Located | Listed]) -> list[str]:
    """Write what comes after the path in a list of a whole view, which may be very long."""
    marks = {severity: mark for severity, (_, mark) in SEVERITIES.items()}
    return [
        f":{one.line}:{one.column}: {one.code}{marks[one.severity]} {one.message} [{one.qualname}]"
        if one.qualname
        else f":{one.line}:{one.column}: {one.code}{marks[one.severity]} {one.message}"
        for one in found
        if isinstance(one, Listed)
    ]


def _painted(shown: str, found: Located | Listed, paint: Paint) -> str:
    symbol, finding = found.symbol, found.finding
    colour, mark = SEVERITIES[found.severity]
    place = paint("bold", f"{shown}:{finding.line}:{finding.column}:")
    name = paint("dim", f"[{clean(symbol.qualname)}]") if symbol.qualname else ""
    return f"{place} {paint(colour, finding.code + mark)} {clean(finding.message)} {name}".rstrip()


def total_line(found: Sequence[Located | Listed]) -> str:
    """Count findings, the files that they are in, and the warnings among them.

    Parameters
    ----------
    found : sequence of Located or Listed
        The findings.

    Returns
    -------
    str
        Such as ``3 findings in 2 files, 1 warning among them``.
    """
    files = len(set(map(itemgetter(0), found)))
    total = f"{plural(len(found), 'finding')} in {plural(files, 'file')}"
    warnings = len([one for one in found if one.severity != "error"])
    return f"{total}, {plural(warnings, 'warning')} among them" if warnings else total


def failure_lines(failures: Mapping[bytes, str]) -> list[str]:
    """Write which files could not be analysed, and why.

    Parameters
    ----------
    failures : mapping of bytes to str
        Paths, and why.

    Returns
    -------
    list of str
        A line for each, sorted by path; after the first 20 one that counts the rest.
    """
    listed = sorted(failures.items())
    lines = [f"{clean_path(path)}: not analysed: {clean(why)}" for path, why in listed[:_MOST]]
    return [*lines, f"and {len(listed) - _MOST:,} more"] if len(listed) > _MOST else lines


def ranking_lines(
    found: Sequence[Located | Listed], titles: Mapping[str, str], paint: Paint
) -> list[str]:
    """Write which rules are broken most often, and in which files.

    Parameters
    ----------
    found : sequence of Located or Listed
        Many findings.
    titles : mapping of str to str
        What each code means.
    paint : callable
        Colours a text.

    Returns
    -------
    list of str
        Some lines; none where there are no findings.
    """
    if not found:
        return []
    codes = Counter(one.finding.code for one in found)
    files = Counter(one.path for one in found)
    lines = ["most often:"]
    lines += [
        f"  {count:>7,}  {paint('red', code)}  {titles.get(code, 'the file cannot be read')}"
        for code, count in codes.most_common(_TOP)
    ]
    lines.append("and most in:")
    lines += [f"  {count:>7,}  {clean_path(path)}" for path, count in files.most_common(_TOP)]
    return lines
