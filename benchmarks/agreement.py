"""Compare the audit with numpydoc on whole packages, finding by finding.

Usage: python benchmarks/agreement.py [--list] DIRECTORY...

Prints a table with a row for each directory: its Python files; the findings that both have; the
differences that docs/numpydoc-differences.md lists, and those that it does not; the agreement
without the listed ones; the symbols that numpydoc fails at, and those that it does not visit. A
file that the audit fails at, or that numpydoc cannot parse, is named on standard error, and so is
each difference that is not listed. `--list` counts the listed differences by reason as well. The
exit status is 1 where the audit failed, or the agreement is below 99.9 %.
"""

from __future__ import annotations

import sys
import warnings
from collections import Counter
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from tests.audit.oracle import compare  # noqa: E402

from detent.languages import get_language  # noqa: E402

GOAL = 0.999
HEADS = ("files", "both", "listed", "others", "agreement", "stopped", "unvisited")


class Row(NamedTuple):
    """What came of one directory; `failed` are files that the audit fails at."""

    files: int
    both: int
    listed: Counter[str]
    others: int
    stopped: int
    unvisited: int
    failed: int

    @property
    def agreement(self) -> float:
        """Share of the findings of either that both have, without the listed differences."""
        return self.both / (self.both + self.others) if self.both + self.others else 1.0


def _readable(path: Path) -> str | None:
    """Return the text of a file that the audit can read; None, with a note, where it cannot."""
    try:
        data = path.read_bytes()
        facts = get_language("python").analyze(data).facts
        text = data.decode("utf-8-sig")
    except Exception as error:
        print(f"{path}: {type(error).__name__}: {error}", file=sys.stderr)
        return None
    for finding in facts.findings:
        if finding.code.startswith("DT"):
            print(f"{path}:{finding.line}: {finding.code} {finding.message}", file=sys.stderr)
    return text


def measure(directory: Path) -> Row:
    """Compare all Python files below a directory.

    Parameters
    ----------
    directory : Path
        It is only read.

    Returns
    -------
    Row
        The sums.
    """
    files = sorted(directory.rglob("*.py"))
    listed: Counter[str] = Counter()
    both = others = stopped = unvisited = failed = 0
    for path in files:
        text = _readable(path)
        failed += text is None
        try:
            comparison = compare(path, text or "")
        except (SyntaxError, ValueError) as error:
            print(f"{path}: numpydoc cannot parse it: {error}", file=sys.stderr)
            continue
        both += comparison.agreements
        stopped += comparison.stopped
        unvisited += comparison.unvisited
        for why, one in comparison.differences:
            listed[why] += bool(why)
            others += not why
            if not why:
                place = f"{path}:{one.symbol.line}: {one.symbol.qualname or 'module'}"
                print(place, one.code, "detent" if one.ours else "numpydoc", file=sys.stderr)
    return Row(len(files), both, +listed, others, stopped, unvisited, failed)


def main(directories: list[str]) -> int:
    """Print the table.

    Parameters
    ----------
    directories : list of str
        What to compare on, a row each, and perhaps ``--list``.

    Returns
    -------
    int
        The exit status.
    """
    warnings.simplefilter("ignore")
    print(f"| | {' | '.join(HEADS)} |\n{'|---' * (len(HEADS) + 1)}|")
    good = True
    for name in directories:
        if name == "--list":
            continue
        row = measure(Path(name))
        good = good and not row.failed and row.agreement >= GOAL
        counts = (row.files, row.both, row.listed.total(), row.others)
        last = (f"{row.agreement:.3%}", f"{row.stopped:,}", f"{row.unvisited:,}")
        cells = (Path(name).name, *(f"{count:,}" for count in counts), *last)
        print(f"| {' | '.join(cells)} |")
        if "--list" in directories:
            print(*(f"{count:7,} {why}" for why, count in row.listed.most_common()), sep="\n")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
