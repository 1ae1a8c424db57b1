"""Analysis in this process."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.index.executors.base import BuildStats, analyze_item

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from detent.index.executors.base import Outcome, WorkItem


class SerialExecutor:
    """Analyzes one file after another.

    It takes an item only after the outcome before it was used, so that an item may depend on it.
    """

    def __init__(self, stats: BuildStats | None = None) -> None:
        self._stats = stats or BuildStats()

    def run(self, items: Iterable[WorkItem]) -> Iterator[Outcome]:
        """Analyze files; yield one outcome for each, in their order."""
        for item in items:
            outcome, parsed = analyze_item(item)
            self._stats.add_parsed(parsed)
            yield outcome
