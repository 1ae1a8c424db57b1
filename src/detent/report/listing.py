"""Findings for a terminal: by file, each with its source line and a mark."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter

from detent import TYPE_CHECKING
from detent.core.escape import clean_path, clean_text
from detent.core.namedtuple import NamedTuple
from detent.report.console import wrap_words
from detent.report.excerpt import cut_excerpt
from detent.report.text import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from detent.core.model import FindingRow
    from detent.report.text import Paint

_BAR = "│ "


class Screen(NamedTuple):
    """A terminal."""

    width: int  # in cells
    paint: Paint  # colours text
    link: Callable[[bytes, str], str]  # links text to a file, given from the repository's root


def render_listing(
    findings: Iterable[FindingRow],
    sources: Mapping[bytes, Sequence[str]],
    screen: Screen,
) -> list[str]:
    """Render findings in groups, one for each file."""
    lines = []
    for path, group in groupby(findings, key=attrgetter("path")):
        lines.append(screen.link(path, screen.paint("bold", clean_path(path))))
        lines += _render_group(list(group), sources.get(path, ()), screen)
        lines.append("")
    return lines


def _render_group(
    findings: Sequence[FindingRow], source: Sequence[str], screen: Screen
) -> Iterator[str]:
    places = [f"{finding.line}:{finding.column}" for finding in findings]
    width = max(map(len, places)) + 2
    for finding, place in zip(findings, places, strict=True):
        colour, mark = SEVERITIES[finding.severity]
        code = finding.code + mark
        name = f" [{clean_text(finding.qualname)}]" if finding.qualname else ""
        indent = width + 2 + len(code) + 1
        text = wrap_words(clean_text(finding.message) + name, screen.width - indent)
        if name and text[-1].endswith(name):
            text[-1] = text[-1].removesuffix(name) + screen.paint("dim", name)
        yield f"{place:>{width}}  {screen.paint(colour, code)} {text[0]}"
        yield from (f"{' ' * indent}{line}" for line in text[1:])
        if 0 < finding.line <= len(source) and source[finding.line - 1].strip():
            yield from _quote_line(
                source[finding.line - 1], finding.column, screen, indent=width + 2
            )


def _quote_line(line: str, column: int, screen: Screen, *, indent: int) -> Iterator[str]:
    # Some terminals wrap a line that fills the last cell.
    excerpt = cut_excerpt(line, column, screen.width - indent - len(_BAR) - 1)
    margin = " " * indent + screen.paint("dim", _BAR)
    yield f"{margin}{excerpt.text}"
    yield f"{margin}{' ' * excerpt.before}{screen.paint('cyan', '^' * excerpt.length)}"
