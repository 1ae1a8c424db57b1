"""The metrics by name, and how their values are computed from items."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

#: Metrics that are measured by running a command: `detent budget measure` checks their limits.
MEASURED = ("command.", "query.", "stage.")
SQL = "sql."
ISSUES = "docstring.issues"
BREAKING = "api.breaking"


class MetricItem(NamedTuple):
    """What one symbol, finding or file adds to a metric."""

    path: str  # the file
    name: str = ""  # the symbol or group, as shown; empty for the file itself
    line: int = 0  # where it begins; 0 if it has no place
    kind: str = ""  # items can be grouped by kind, code and package (the directory of the path)
    code: str = ""
    value: float = 1.0

    def get_group(self, by: Iterable[str]) -> tuple[str, ...]:
        """Name the group that it belongs to."""
        names = {
            "package": self.path.rpartition("/")[0] or ".",
            "kind": self.kind,
            "code": self.code,
        }
        return tuple(names[grouping] for grouping in by)


class Metric(NamedTuple):
    """One metric."""

    name: str
    unit: str
    meaning: str  # one line for `detent budget metrics`
    fold: Callable[[Sequence[MetricItem]], float]  # computes the value of items
    scope: str = "file"  # where the items come from: file, change, view, index or sql
    by: tuple[str, ...] = ("package", "kind")  # what its items can be grouped by
    higher_is_better: bool = False
    by_identity: bool = (
        False  # whether a ratchet counts new items, without subtracting removed ones
    )
    most_places: int = 1  # how many of its items a broken limit names

    @property
    def is_additive(self) -> bool:
        """Whether the value of a view is the sum of its files' values."""
        return self.fold is sum_values and self.scope == "file"


def sum_values(items: Sequence[MetricItem]) -> float:
    """Add up the values."""
    return sum(item.value for item in items)


def find_greatest(items: Sequence[MetricItem]) -> float:
    """Find the greatest value."""
    return max((item.value for item in items), default=0.0)


def compute_mean(items: Sequence[MetricItem]) -> float:
    """Compute the mean of the values."""
    return sum_values(items) / len(items) if items else 0.0


def compute_share(items: Sequence[MetricItem]) -> float:
    """Compute the percentage of items whose value is 1 and not 0."""
    return 100.0 * sum_values(items) / len(items) if items else 100.0


def _make_index_metric(name: str, unit: str, meaning: str) -> Metric:
    return Metric(f"index.{name}", unit, meaning, sum_values, scope="index", by=())


_ALL_GROUPS = ("package", "code", "kind")
_PACKAGES = ("package",)
_TABLES = ("blob", "symbol", "finding", "entry")

_LISTED = (
    Metric(
        f"{ISSUES}.new",
        "findings",
        "findings that are new in the change; a fixed one does not offset another",
        sum_values,
        scope="change",
        by=_ALL_GROUPS,
    ),
    Metric(ISSUES, "findings", "findings that count", sum_values, by=_ALL_GROUPS, by_identity=True),
    Metric(
        "docstring.undocumented",
        "symbols",
        "symbols that need a docstring and have none",
        sum_values,
        by_identity=True,
    ),
    Metric(
        "docstring.coverage",
        "%",
        "share of the symbols that need a docstring and have one",
        compute_share,
        higher_is_better=True,
    ),
    Metric("code.files", "files", "files that are audited", sum_values, by=_PACKAGES),
    Metric("code.lines", "lines", "lines of these files", sum_values, by=_PACKAGES),
    Metric("code.symbols", "symbols", "classes, functions and methods", sum_values),
    Metric("code.symbols.public", "symbols", "public ones of them", sum_values),
    Metric(
        "code.function.lines.max",
        "lines",
        "lines of the longest function, without its docstring",
        find_greatest,
    ),
    Metric("code.function.lines.mean", "lines", "average of the same", compute_mean),
    Metric(
        "code.parameters.max",
        "parameters",
        "most parameters of a function, without self and cls",
        find_greatest,
    ),
    Metric("code.parameters.mean", "parameters", "average of the same", compute_mean),
    Metric("code.nesting.max", "blocks", "deepest nesting of blocks in a function", find_greatest),
    Metric(
        "code.complexity",
        "decisions",
        "cyclomatic complexity (McCabe) of all functions",
        sum_values,
    ),
    Metric("code.complexity.max", "decisions", "the most complex function", find_greatest),
    Metric("code.complexity.mean", "decisions", "average of the same", compute_mean),
    Metric(
        "code.import_cycles",
        "cycles",
        "groups of modules that import each other while they are loaded",
        sum_values,
        scope="view",
        by=(),
    ),
    Metric(
        BREAKING,
        "calls",
        "calls that the change breaks: what they call takes other parameters now, or is gone",
        sum_values,
        scope="change",
        by=_PACKAGES,
        most_places=5,
    ),
    _make_index_metric("bytes", "bytes", "size of the index on disk"),
    *(
        _make_index_metric(f"rows.{table}", "rows", f"rows of the table {table} in the index")
        for table in _TABLES
    ),
)

#: All metrics by name, except those of single codes, of SQL queries and of commands.
METRICS: Mapping[str, Metric] = {metric.name: metric for metric in _LISTED}


def find_metric(name: str, codes: Collection[str]) -> Metric | None:
    """Find a metric by its full name."""
    if name in METRICS:
        return METRICS[name]
    if name.startswith(SQL) and len(name) > len(SQL):
        return Metric(name, "", "the result of its query", sum_values, scope="sql", by=())
    for prefix in (f"{ISSUES}.new.", f"{ISSUES}."):
        code = name.removeprefix(prefix)
        if name.startswith(prefix) and code in codes:
            metric = METRICS[prefix[:-1]]
            return metric._replace(name=name, meaning=f"{metric.meaning}; only {code}")
    return None


def list_metric_names(codes: Iterable[str]) -> list[str]:
    """List the metrics that wildcards can match."""
    return [*METRICS, *(f"{ISSUES}.{code}" for code in codes)]
