"""Prove the index: the database is whole, the view is git's, and facts are those of the content.

Examples
--------
detent verify                     # the database, the view, and 200 files analysed again
detent verify --full --at HEAD    # all files
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.context import add_common, open_index
from detent.core.escape import clean
from detent.index import views
from detent.index.executors.process_pool import Failure
from detent.index.ingest import examined
from detent.index.refresh import refresh
from detent.report import console, data, text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator, Mapping

    from detent.git import Repo
    from detent.index.handle import Index

_SHOWN = 10
_SAMPLE = 200


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command.

    Parameters
    ----------
    parser : ArgumentParser
        The parser of ``detent verify``.
    """
    add_common(parser, at=views.STAGED)
    parser.add_argument(
        "--full", action="store_true", help=f"analyse all files again, not only {_SAMPLE} of them"
    )


def run(namespace: Namespace) -> int:
    """Run the command.

    Parameters
    ----------
    namespace : Namespace
        What `add_arguments` asked for.

    Returns
    -------
    int
        The exit status: 3 where there are faults, else 0.
    """
    repo, index = open_index(namespace)
    faults = index.reader().problems()
    compared = 0
    if not faults:
        entries = _entries(repo, index, namespace.at, faults=faults)
        sample = _sample(entries, full=namespace.full)
        faults += _different(repo, index, namespace.at, sample=sample)
        compared = len(sample)
    if namespace.format == "json":
        console.write(data.document("verify/1", faults=faults, files=compared))
    else:
        for fault in faults[:_SHOWN]:
            console.write(clean(fault))
        if len(faults) > _SHOWN:
            console.write(f"and {len(faults) - _SHOWN:,} more")
        good = f"whole, and equal to a fresh analysis of {text.plural(compared, 'file')}"
        bad = "the index is not as it should be: `detent index --full` builds it anew"
        console.write(bad if faults else good)
    index.close()
    return 3 if faults else 0


def _entries(repo: Repo, index: Index, view: str, *, faults: list[str]) -> dict[bytes, str]:
    """List the view by git alone, and note where the stored one differs."""
    done = refresh(repo, index, view)
    changes = views.differences(repo, view, repo.empty_tree)
    listed = {change.path: change.new for change in changes if change.new is not None}
    stored = index.reader().entries(done.name)
    found = index.reader().view(done.name)
    if found is None or found.size != len(stored):
        faults.append(f"the {view} view has {len(stored):,} entries, and says another number")
    wrong = {path for path, _ in listed.items() ^ stored.items()}
    faults += [f"{data.path_value(path)}: the view and git differ" for path in sorted(wrong)]
    return listed


def _sample(entries: Mapping[bytes, str], *, full: bool) -> dict[str, bytes]:
    """Choose blobs, each with one of its paths: all of them, or some that are spread evenly."""
    paths = {oid: path for path, oid in entries.items()}
    step = 1 if full else max(1, len(paths) // _SAMPLE)
    return dict(sorted(paths.items())[::step])


def _different(
    repo: Repo, index: Index, view: str, *, sample: Mapping[str, bytes]
) -> Iterator[str]:
    """Analyse blobs again, and name those whose stored facts are others."""
    disk = sample if view == views.WORKTREE else {}
    label = console.progress("verifying")
    for oid, fresh in examined(repo, list(sample), disk=disk, progress=label):
        path = sample[oid]
        store = index.reader()
        if isinstance(fresh, Failure) or not store.known([oid]):
            yield f"{data.path_value(path)}: not analysed"
        elif store.differs(oid, fresh):
            yield f"{data.path_value(path)}: the index and a fresh analysis differ"
