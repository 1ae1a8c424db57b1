"""The metrics by name, and how their values are put together."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

#: Metrics that are measured by running something: `detent budget measure` holds their limits.
MEASURED = ("command.", "query.", "stage.")
SQL = "sql."
ISSUES = "docstring.issues"


class MetricItem(NamedTuple):
    """What one symbol, finding or file adds to a metric."""

    path: str  # the file
    name: str = ""  # the symbol or the group, as a person knows it; empty for the file as such
    line: int = 0  # where it begins; 0 for no place in particular
    # what it can be grouped by besides the package, which is the directory of the path
    kind: str = ""
    code: str = ""
    value: float = 1.0  # how much

    def group(self, by: Iterable[str]) -> tuple[str, ...]:
        """Name the group that it belongs to."""
        return tuple(
            (self.path.rpartition("/")[0] or ".") if one == "package" else getattr(self, one)
            for one in by
        )


class Metric(NamedTuple):
    """One metric."""

    name: str  # for a person
    unit: str
    meaning: str
    fold: Callable[[Sequence[MetricItem]], float]  # makes the value of items
    scope: str = "file"  # where the items come from
    by: tuple[str, ...] = ("package", "kind")  # what its items can be grouped by
    higher_is_better: bool = False  # which way is worse
    # whether a ratchet looks at which items are new, so that one that went pays for none
    by_identity: bool = False

    @property
    def is_additive(self) -> bool:
        """Whether the value of a view is that of its files added up."""
        return self.fold is sum_values and self.scope == "file"


def sum_values(items: Sequence[MetricItem]) -> float:
    """Add up."""
    return sum(one.value for one in items)


def find_greatest(items: Sequence[MetricItem]) -> float:
    """Choose the worst."""
    return max((one.value for one in items), default=0.0)


def compute_mean(items: Sequence[MetricItem]) -> float:
    """Compute the mean."""
    return sum_values(items) / len(items) if items else 0.0


def compute_share(items: Sequence[MetricItem]) -> float:
    """Compute how many of the items have what is asked for."""
    return 100.0 * sum_values(items) / len(items) if items else 100.0


def index_by_name(metrics: Iterable[Metric]) -> dict[str, Metric]:
    """Put metrics into a table."""
    return {one.name: one for one in metrics}


_FINDING = ("package", "code", "kind")
_FILE = ("package",)
_NOTHING: tuple[str, ...] = ()

#: All metrics by name, but those of single codes, of SQL and of what is measured by running it.
METRICS: Mapping[str, Metric] = index_by_name(
    (
        Metric(
            f"{ISSUES}.new",
            "findings",
            "findings that the change brings in: a fixed one does not pay for another",
            sum_values,
            scope="change",
            by=_FINDING,
        ),
        Metric(
            ISSUES, "findings", "findings that count", sum_values, by=_FINDING, by_identity=True
        ),
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
        Metric("code.files", "files", "files that are audited", sum_values, by=_FILE),
        Metric("code.lines", "lines", "lines of these files", sum_values, by=_FILE),
        Metric("code.symbols", "symbols", "classes, functions and methods", sum_values),
        Metric("code.symbols.public", "symbols", "those of them that are public", sum_values),
        Metric(
            "code.function.lines.max",
            "lines",
            "lines of the longest function, without its docstring",
            find_greatest,
        ),
        Metric("code.function.lines.mean", "lines", "the same on average", compute_mean),
        Metric(
            "code.parameters.max",
            "parameters",
            "parameters of a function, without self and cls",
            find_greatest,
        ),
        Metric("code.parameters.mean", "parameters", "the same on average", compute_mean),
        Metric(
            "code.nesting.max", "blocks", "blocks inside one another in a function", find_greatest
        ),
        Metric("code.complexity", "decisions", "McCabe's complexity of all functions", sum_values),
        Metric(
            "code.complexity.max", "decisions", "that of the most involved function", find_greatest
        ),
        Metric("code.complexity.mean", "decisions", "the same on average", compute_mean),
        Metric(
            "code.import_cycles",
            "cycles",
            "groups of modules that import each other while they are loaded",
            sum_values,
            scope="view",
            by=_NOTHING,
        ),
        Metric(
            "index.bytes",
            "bytes",
            "size of the index on disk",
            sum_values,
            scope="index",
            by=_NOTHING,
        ),
        *(
            Metric(
                f"index.rows.{table}",
                "rows",
                f"rows of the table {table} in the index",
                sum_values,
                scope="index",
                by=_NOTHING,
            )
            for table in ("blob", "symbol", "call", "binding", "finding", "entry")
        ),
    )
)


def find_metric(name: str, codes: Collection[str]) -> Metric | None:
    """Find a metric."""
    if name in METRICS:
        return METRICS[name]
    if name.startswith(SQL) and len(name) > len(SQL):
        return Metric(name, "", "what its query gives", sum_values, scope="sql", by=_NOTHING)
    for prefix in (f"{ISSUES}.new.", f"{ISSUES}."):
        if name.startswith(prefix) and name[len(prefix) :] in codes:
            like = METRICS[prefix[:-1]]
            code = name[len(prefix) :]
            return like._replace(name=name, meaning=f"{like.meaning}; only {code}")
    return None


def list_metric_names(codes: Iterable[str]) -> list[str]:
    """List the metrics that wildcards can choose."""
    return [*METRICS, *(f"{ISSUES}.{code}" for code in codes)]
