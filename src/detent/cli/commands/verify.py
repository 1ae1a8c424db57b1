"""Prove the index: the database is whole, the view is git's, and facts are those of the content.

Examples
--------
detent verify                     # the database, the view, and 200 files analysed again
detent verify --full --at HEAD    # all files
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.cli.context import add_common_arguments, open_index
from detent.core.escape import clean_text
from detent.index import views
from detent.index.executors.process_pool import AnalysisFailure
from detent.index.ingest import analyze_git_blobs
from detent.index.refresh import refresh_view
from detent.report import console, data, text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterator, Mapping

    from detent.git import Repo
    from detent.index.handle import Index

_SHOWN = 10
_SAMPLE = 200


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at=views.STAGED)
    parser.add_argument(
        "--full", action="store_true", help=f"analyse all files again, not only {_SAMPLE} of them"
    )


def run(namespace: Namespace) -> int:
    """Run the command."""
    repo, index = open_index(namespace)
    faults = index.open_reader().find_problems()
    compared = 0
    if not faults:
        entries = _compare_entries(repo, index, namespace.at, faults=faults)
        sample = _choose_sample(entries, full=namespace.full)
        faults += _find_differences(repo, index, namespace.at, sample=sample)
        compared = len(sample)
    if namespace.format == "json":
        console.write_line(data.render_json("verify/1", faults=faults, files=compared))
    else:
        for fault in faults[:_SHOWN]:
            console.write_line(clean_text(fault))
        if len(faults) > _SHOWN:
            console.write_line(f"and {len(faults) - _SHOWN:,} more")
        good = f"whole, and equal to a fresh analysis of {text.format_count(compared, 'file')}"
        bad = "the index is not as it should be: `detent index --full` builds it anew"
        console.write_line(bad if faults else good)
    index.close()
    return 3 if faults else 0


def _compare_entries(repo: Repo, index: Index, view: str, *, faults: list[str]) -> dict[bytes, str]:
    """List the view by git alone, and note where the stored one differs."""
    done = refresh_view(repo, index, view)
    changes = views.list_differences(repo, view, repo.empty_tree)
    listed = {change.path: change.new for change in changes if change.new is not None}
    stored = index.open_reader().load_entries(done.name)
    found = index.open_reader().load_view(done.name)
    if found is None or found.size != len(stored):
        faults.append(f"the {view} view has {len(stored):,} entries, and says another number")
    wrong = {path for path, _ in listed.items() ^ stored.items()}
    faults += [f"{data.encode_path(path)}: the view and git differ" for path in sorted(wrong)]
    return listed


def _choose_sample(entries: Mapping[bytes, str], *, full: bool) -> dict[str, bytes]:
    """Choose blobs, each with one of its paths: all of them, or some that are spread evenly."""
    paths = {oid: path for path, oid in entries.items()}
    step = 1 if full else max(1, len(paths) // _SAMPLE)
    return dict(sorted(paths.items())[::step])


def _find_differences(
    repo: Repo, index: Index, view: str, *, sample: Mapping[str, bytes]
) -> Iterator[str]:
    """Analyse blobs again, and name those whose stored facts are others."""
    disk = sample if view == views.WORKTREE else {}
    label = console.make_progress("verifying")
    for oid, fresh in analyze_git_blobs(repo, list(sample), disk=disk, progress=label):
        path = sample[oid]
        store = index.open_reader()
        if isinstance(fresh, AnalysisFailure) or not store.find_known_blobs([oid]):
            yield f"{data.encode_path(path)}: not analysed"
        elif store.has_difference(oid, fresh):
            yield f"{data.encode_path(path)}: the index and a fresh analysis differ"
