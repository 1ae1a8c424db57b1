"""Findings as a person at a terminal reads them: by file, with the source line and a mark in it."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

from detent import TYPE_CHECKING
from detent.core.escape import clean, clean_path
from detent.core.namedtuple import NamedTuple
from detent.report.excerpt import excerpt
from detent.report.text import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from detent.audit.matching import Located
    from detent.core.model import Listed
    from detent.report.text import Paint

_BAR = "│ "


class Screen(NamedTuple):
    """What findings are shown on.

    Attributes
    ----------
    width : int
        Cells in a line.
    paint : callable
        Colours a text.
    link : callable
        Makes a text lead to a file, named from the root of the repository.
    """

    width: int
    paint: Paint
    link: Callable[[bytes, str], str]


def listing(
    found: Iterable[Located | Listed], sources: Mapping[bytes, Sequence[str]], screen: Screen
) -> list[str]:
    """Write findings in groups, one for each file.

    Parameters
    ----------
    found : iterable of Located or Listed
        In the order to be shown.
    sources : mapping of bytes to sequence of str
        The lines of the files that are to be quoted from.
    screen : Screen
        Where it will be seen.

    Returns
    -------
    list of str
        An empty line after each group.
    """
    lines = []
    for path, group in groupby(found, key=itemgetter(0)):
        lines.append(screen.link(path, screen.paint("bold", clean_path(path))))
        lines += _group(list(group), sources.get(path, ()), screen)
        lines.append("")
    return lines


def _group(
    found: Sequence[Located | Listed], source: Sequence[str], screen: Screen
) -> Iterator[str]:
    places = [f"{one.finding.line}:{one.finding.column}" for one in found]
    width = max(map(len, places)) + 2
    for one, place in zip(found, places, strict=True):
        finding = one.finding
        colour, mark = SEVERITIES[one.severity]
        name = f" [{clean(one.symbol.qualname)}]" if one.symbol.qualname else ""
        yield (
            f"{place:>{width}}  {screen.paint(colour, finding.code + mark)} "
            f"{clean(finding.message)}{screen.paint('dim', name)}"
        )
        if 0 < finding.line <= len(source) and source[finding.line - 1].strip():
            yield from _quoted(source[finding.line - 1], finding.column, screen, indent=width + 2)


def _quoted(line: str, column: int, screen: Screen, *, indent: int) -> Iterator[str]:
    # One cell stays free: some terminals go on to the next line when the last one is filled.
    shown = excerpt(line, column, screen.width - indent - len(_BAR) - 1)
    margin = " " * indent + screen.paint("dim", _BAR)
    yield f"{margin}{shown.text}"
    yield f"{margin}{' ' * shown.before}{screen.paint('cyan', '^' * shown.length)}"
