"""Docstring coverage of a view."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.api.exclusions import explain_unchecked_paths
from detent.api.paths import make_path_filter
from detent.api.symbols import LocatedSymbol
from detent.api.view import load_audited_files
from detent.budget.coverage import count_coverage
from detent.core.namedtuple import NamedTuple
from detent.core.results import sum_counts
from detent.index.refresh import refresh_view

if TYPE_CHECKING:
    from collections.abc import Collection

    from detent.core.results import DocstringCounts
    from detent.index.ingest import Progress
    from detent.index.project import Project
    from detent.index.views import View

#: What coverage can be grouped by.
GROUPINGS = ("package", "kind", "file")


class CoverageResult(NamedTuple):
    """How many of the symbols that need a docstring have one.

    Attributes
    ----------
    groups : dict of str to DocstringCounts
        The counts by package, kind of symbol, or file.
    undocumented : list of LocatedSymbol
        The symbols that need a docstring and have none, by path and line.
    failures : dict of bytes to str
        Files that could not be analysed, and why.
    unchecked : dict of bytes to str
        Files and directories that were asked for and are not audited, and why.
    """

    groups: dict[str, DocstringCounts]
    undocumented: list[LocatedSymbol]
    failures: dict[bytes, str]
    unchecked: dict[bytes, str]

    @property
    def total(self) -> DocstringCounts:
        """The counts of all groups together."""
        return sum_counts(self.groups.values())


def measure_coverage(
    project: Project,
    view: View,
    named: Collection[bytes] = (),
    *,
    by: str = GROUPINGS[0],
    progress: Progress | None = None,
) -> CoverageResult:
    """Measure the docstring coverage below some paths of a view, or of all of it."""
    refresh_view(project.index, view, progress=progress)
    files, failures = load_audited_files(project, view, make_path_filter(project.repo, named))
    files.sort(key=lambda file: file[0])
    coverage = count_coverage(files, project.selection, by)
    undocumented = [LocatedSymbol(path, symbol) for path, symbol in coverage.undocumented]
    unchecked = explain_unchecked_paths(project, view, named)
    return CoverageResult(coverage.groups, undocumented, failures, unchecked)
