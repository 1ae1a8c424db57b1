"""A view as it is now, for questions: read only, and exact where the index is out of date."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.errors import StoreError
from detent.core.namedtuple import NamedTuple
from detent.index.facts import FactSource
from detent.index.refresh import plan_refresh, refresh_view
from detent.query.relations.outlines import ViewOutlines

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from detent.audit.selection.select import Selection
    from detent.core.model import BlobKey, FileFacts, FindingFilter, FindingRow, Symbol
    from detent.core.outline import Outline
    from detent.index.handle import Index
    from detent.index.ingest import Progress
    from detent.index.refresh import RefreshPlan
    from detent.index.views import View

#: So many files are analyzed in memory for a question; more are indexed first.
MAX_ANALYZED = 200
FAILED_BEFORE = "it could not be analysed before: `detent index` shows why"


class Snapshot(NamedTuple):
    """A view with its facts, which are loaded on demand."""

    view: View
    different: int  # number of paths where the view differs from its tree
    entries: Mapping[bytes, BlobKey]  # blob by path, sorted by path
    failures: Mapping[bytes, str]  # paths that could not be analyzed, and why
    source: FactSource

    def restrict_to(self, is_chosen: Callable[[bytes], bool]) -> Snapshot:
        """Leave out the paths that are not chosen."""
        entries = {path: key for path, key in self.entries.items() if is_chosen(path)}
        failures = {path: why for path, why in self.failures.items() if is_chosen(path)}
        return self._replace(entries=entries, failures=failures)

    def restrict_to_audited(
        self, selection: Selection, is_chosen: Callable[[bytes], bool] = lambda _: True
    ) -> Snapshot:
        """Leave out the paths that the settings do not audit."""
        is_audited = selection.is_audited
        return self.restrict_to(
            lambda path: is_chosen(path) and is_audited(path.decode("utf-8", "replace"))
        )

    def load_files(self, *, full: bool = False) -> Iterator[tuple[bytes, FileFacts]]:
        """Load the facts of all files, blob by blob."""
        paths = self.group_paths()
        for key, facts in self.source.load_facts(paths, full=full):
            yield from ((path, facts) for path in paths[key])
        self._check_failures()

    def load_findings(
        self, finding_filter: FindingFilter
    ) -> Iterator[tuple[bytes, list[FindingRow]]]:
        """Load the findings of all files, and little else."""
        paths = self.group_paths()
        for key, list_findings in self.source.load_findings(paths, finding_filter):
            yield from ((path, list_findings(path)) for path in paths[key])
        self._check_failures()

    def find_symbols(self, pattern: str) -> Iterator[tuple[bytes, Symbol]]:
        """Find symbols by name."""
        paths = self.group_paths()
        for key, symbol in self.source.find_symbols(paths, pattern):
            yield from ((path, symbol) for path in paths[key])
        self._check_failures()

    def open_outlines(self) -> ViewOutlines:
        """Give access to all files on demand."""
        return ViewOutlines(lambda: self.entries, self._load_outlines, self._load_full_facts)

    def _load_outlines(self, keys: Collection[BlobKey]) -> dict[BlobKey, Outline]:
        found = dict(self.source.load_outlines(keys))
        self._check_failures()
        return found

    def _load_full_facts(self, keys: Collection[BlobKey]) -> dict[BlobKey, FileFacts]:
        found = dict(self.source.load_facts(keys, full=True))
        self._check_failures()
        return found

    def _check_failures(self) -> None:
        """Refuse to answer where facts were deleted, and git no longer has the content."""
        failures = self.source.failures
        if failures and any(
            key in failures and path not in self.failures for path, key in self.entries.items()
        ):
            raise StoreError(
                "`detent gc` and `git gc` deleted content that is needed", "run this again"
            )

    def group_paths(self) -> dict[BlobKey, list[bytes]]:
        """Group the paths by blob."""
        groups: dict[BlobKey, list[bytes]] = {}
        for path, key in self.entries.items():
            groups.setdefault(key, []).append(path)
        return groups


def take_snapshot(
    index: Index, view: View, *, most: float = MAX_ANALYZED, progress: Progress | None = None
) -> Snapshot:
    """Take a view as it is now; nothing is written unless much is missing."""
    plan = plan_refresh(index.open_reader(), view, all_entries=True)
    if len(plan.unknown) > most:
        refresh_view(index, view, progress=progress)
        plan = plan_refresh(index.open_reader(), view, all_entries=True)
    return _build_snapshot(index, plan)


def take_fresh_snapshot(index: Index, view: View, *, progress: Progress | None = None) -> Snapshot:
    """Bring a view up to date, and take it."""
    plan = plan_refresh(index.open_reader(), view, all_entries=True)
    if plan.is_idle:
        return _build_snapshot(index, plan)
    refresh_view(index, view, progress=progress)
    return take_snapshot(index, view)


def _build_snapshot(index: Index, plan: RefreshPlan) -> Snapshot:
    """Take a view as a plan has found it."""
    view, source = plan.view, FactSource(index, plan.view)
    entries = view.entries = plan.list_entries()
    source.failures.update(dict.fromkeys(find_failed(index, plan), FAILED_BEFORE))
    source.analyze_unknown(plan.unknown.difference(source.failures))
    return Snapshot(
        view=view,
        different=len(plan.sets.differences),
        entries=entries,
        failures={
            path: source.failures[key] for path, key in entries.items() if key in source.failures
        },
        source=source,
    )


def find_failed(index: Index, plan: RefreshPlan) -> set[BlobKey]:
    """Find the blobs whose analysis failed when the view was published."""
    missing = plan.unknown & (plan.stored.missing_facts if plan.stored else set())
    # Facts of another version of detent are missing too, but there are some.
    return missing - index.open_reader().find_known(missing, kinds=()) if missing else missing
