"""Analysis in this process."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.index.executors.base import BuildStats, analyze_item

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from detent.index.executors.base import Outcome, WorkItem
    from detent.languages.base import ParseStats


#: From this many bytes on, a file is analyzed in another process, which can be ended.
_RISKY_SIZE = 500_000
#: A file with fewer bytes, or fewer brackets without a partner, takes seconds at most.
_HARMLESS_SIZE = 10_000
_HARMLESS_BRACKETS = 3_000
_NO_BRACKETS = bytes(byte for byte in range(256) if byte not in b"()[]{}")
_PAIRS = (b"()", b"[]", b"{}")


class SerialExecutor:
    """Analyzes one file after another.

    It takes an item only after the outcome before it was used, so that an item may depend on it.
    """

    def __init__(self, stats: BuildStats | None = None) -> None:
        self._stats = stats or BuildStats()

    def run(self, items: Iterable[WorkItem]) -> Iterator[Outcome]:
        """Analyze files; yield one outcome for each, in their order."""
        for item in items:
            outcome, parsed = (_analyze_apart if _is_risky(item.raw) else analyze_item)(item)
            self._stats.add_parsed(parsed)
            yield outcome


def _is_risky(raw: bytes) -> bool:
    """Tell whether the parser may hold this process for long, in C, where no signal ends it."""
    if not _HARMLESS_SIZE < len(raw) < _RISKY_SIZE:
        return len(raw) >= _RISKY_SIZE
    brackets = raw.translate(None, _NO_BRACKETS)
    for pair in _PAIRS * 3:
        brackets = brackets.replace(pair, b"")
    return len(brackets) > _HARMLESS_BRACKETS


def _analyze_apart(item: WorkItem) -> tuple[Outcome, ParseStats]:
    # Most runs need no other process, and none of the modules for it.
    from detent.index.executors.process_pool import analyze_apart

    return analyze_apart(item)
