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


class Tally(NamedTuple):
    """What one file has of docstrings.

    Attributes
    ----------
    needed : int
        Symbols that need a docstring.
    missing : int
        Those among them that have none.
    issues : int
        Findings that count.
    """

    needed: int = 0
    missing: int = 0
    issues: int = 0


class Item(NamedTuple):
    """What one symbol, finding or file adds to a metric.

    Attributes
    ----------
    path : str
        The file.
    name : str
        The symbol or the group, as a person knows it; empty for the file as such.
    line : int
        Where it begins; 0 for no place in particular.
    kind, code : str
        What it can be grouped by besides the package, which is the directory of the path.
    value : float
        How much.
    """

    path: str
    name: str = ""
    line: int = 0
    kind: str = ""
    code: str = ""
    value: float = 1.0

    def group(self, by: Iterable[str]) -> tuple[str, ...]:
        """Name the group that it belongs to.

        Parameters
        ----------
        by : iterable of str
            Some of `detent.config.budget.GROUPS`.

        Returns
        -------
        tuple of str
            A word for each.
        """
        return tuple(
            (self.path.rpartition("/")[0] or ".") if one == "package" else getattr(self, one)
            for one in by
        )


class Metric(NamedTuple):
    """One metric.

    Attributes
    ----------
    name, unit, meaning : str
        For a person.
    fold : callable
        Makes the value of items.
    scope : str
        Where the items come from: ``change`` (only what a change brings), ``file`` (each file by
        itself), ``view`` (the files of a view together), ``index`` (the index as it is) or
        ``sql``.
    by : tuple of str
        What its items can be grouped by.
    higher_is_better : bool
        Which way is worse.
    by_identity : bool
        Whether a ratchet looks at which items are new, so that one that went pays for none.
    """

    name: str
    unit: str
    meaning: str
    fold: Callable[[Sequence[Item]], float]
    scope: str = "file"
    by: tuple[str, ...] = ("package", "kind")
    higher_is_better: bool = False
    by_identity: bool = False

    @property
    def adds_up(self) -> bool:
        """Whether the value of a view is that of its files added up."""
        return self.fold is total and self.scope == "file"


def coverage(tallies: Iterable[Tally]) -> float:
    """Compute the share of documented symbols.

    Parameters
    ----------
    tallies : iterable of Tally
        Of some files.

    Returns
    -------
    float
        Percent; 100 where nothing needs a docstring.
    """
    counted = list(tallies)
    needed = sum(one.needed for one in counted)
    missing = sum(one.missing for one in counted)
    return 100.0 * (needed - missing) / needed if needed else 100.0


def total(items: Sequence[Item]) -> float:
    """Add up.

    Parameters
    ----------
    items : sequence of Item
        Of one metric.

    Returns
    -------
    float
        The sum of their values.
    """
    return sum(one.value for one in items)


def greatest(items: Sequence[Item]) -> float:
    """Choose the worst.

    Parameters
    ----------
    items : sequence of Item
        Of one metric.

    Returns
    -------
    float
        The greatest value; 0 where there is none.
    """
    return max((one.value for one in items), default=0.0)


def mean(items: Sequence[Item]) -> float:
    """Compute the mean.

    Parameters
    ----------
    items : sequence of Item
        Of one metric.

    Returns
    -------
    float
        0 where there is none.
    """
    return total(items) / len(items) if items else 0.0


def share(items: Sequence[Item]) -> float:
    """Compute how many of the items have what is asked for.

    Parameters
    ----------
    items : sequence of Item
        With values of 1 or 0.

    Returns
    -------
    float
        Percent; 100 where nothing is asked for.
    """
    return 100.0 * total(items) / len(items) if items else 100.0


def named(metrics: Iterable[Metric]) -> dict[str, Metric]:
    """Put metrics into a table.

    Parameters
    ----------
    metrics : iterable of Metric
        In the order of the documentation.

    Returns
    -------
    dict of str to Metric
        By name.
    """
    return {one.name: one for one in metrics}


_FINDING = ("package", "code", "kind")
_FILE = ("package",)
_NOTHING: tuple[str, ...] = ()

#: All metrics by name, but those of single codes, of SQL and of what is measured by running it.
METRICS: Mapping[str, Metric] = named(
    (
        Metric(
            f"{ISSUES}.new",
            "findings",
            "findings that the change brings in: a fixed one does not pay for another",
            total,
            scope="change",
            by=_FINDING,
        ),
        Metric(ISSUES, "findings", "findings that count", total, by=_FINDING, by_identity=True),
        Metric(
            "docstring.undocumented",
            "symbols",
            "symbols that need a docstring and have none",
            total,
            by_identity=True,
        ),
        Metric(
            "docstring.coverage",
            "%",
            "share of the symbols that need a docstring and have one",
            share,
            higher_is_better=True,
        ),
        Metric("code.files", "files", "files that are audited", total, by=_FILE),
        Metric("code.lines", "lines", "lines of these files", total, by=_FILE),
        Metric("code.symbols", "symbols", "classes, functions and methods", total),
        Metric("code.symbols.public", "symbols", "those of them that are public", total),
        Metric(
            "code.function.lines.max",
            "lines",
            "lines of the longest function, without its docstring",
            greatest,
        ),
        Metric("code.function.lines.mean", "lines", "the same on average", mean),
        Metric(
            "code.parameters.max",
            "parameters",
            "parameters of a function, without self and cls",
            greatest,
        ),
        Metric("code.parameters.mean", "parameters", "the same on average", mean),
        Metric("code.nesting.max", "blocks", "blocks inside one another in a function", greatest),
        Metric("code.complexity", "decisions", "McCabe's complexity of all functions", total),
        Metric("code.complexity.max", "decisions", "that of the most involved function", greatest),
        Metric("code.complexity.mean", "decisions", "the same on average", mean),
        Metric(
            "code.import_cycles",
            "cycles",
            "groups of modules that import each other while they are loaded",
            total,
            scope="view",
            by=_NOTHING,
        ),
        Metric(
            "index.bytes", "bytes", "size of the index on disk", total, scope="index", by=_NOTHING
        ),
        *(
            Metric(
                f"index.rows.{table}",
                "rows",
                f"rows of the table {table} in the index",
                total,
                scope="index",
                by=_NOTHING,
            )
            for table in ("blob", "symbol", "call", "binding", "finding", "entry")
        ),
    )
)


def metric_of(name: str, codes: Collection[str]) -> Metric | None:
    """Find a metric.

    Parameters
    ----------
    name : str
        Without wildcards.
    codes : collection of str
        The codes of findings.

    Returns
    -------
    Metric or None
        None where there is no such metric, or it is `MEASURED`.
    """
    if name in METRICS:
        return METRICS[name]
    if name.startswith(SQL) and len(name) > len(SQL):
        return Metric(name, "", "what its query gives", total, scope="sql", by=_NOTHING)
    for prefix in (f"{ISSUES}.new.", f"{ISSUES}."):
        if name.startswith(prefix) and name[len(prefix) :] in codes:
            like = METRICS[prefix[:-1]]
            code = name[len(prefix) :]
            return like._replace(name=name, meaning=f"{like.meaning}; only {code}")
    return None


def names(codes: Iterable[str]) -> list[str]:
    """List the metrics that wildcards can choose.

    Parameters
    ----------
    codes : iterable of str
        The codes of findings.

    Returns
    -------
    list of str
        All names, in the order of the documentation; what is only ever new is not there twice.
    """
    return [*METRICS, *(f"{ISSUES}.{code}" for code in codes)]
