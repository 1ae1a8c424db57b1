from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import detent
from detent.core.model import BlobKey
from detent.index.executors import process_pool
from detent.index.executors.base import AnalysisFailure, BuildStats, WorkItem
from detent.index.executors.process_pool import ProcessPool
from index.executors.support import POISON, dies, make_items, make_key, patch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Sandbox


@pytest.mark.parametrize("places", [[7], [0, 17]])
def test_a_process_that_dies_costs_one_blob(
    monkeypatch: pytest.MonkeyPatch, places: list[int]
) -> None:
    patch(monkeypatch, dies)
    monkeypatch.setattr(process_pool, "_CHUNK_BYTES", 150)
    items = make_items(16)
    for place in places:
        items[place:place] = [WorkItem(make_key(f"f{place}"), POISON)]
    stats = BuildStats()
    found = list(ProcessPool(2, stats).run(items))
    assert [key for key, _ in found] == [item.key for item in items]
    failed = {key: outcome for key, outcome in found if isinstance(outcome, AnalysisFailure)}
    reason = AnalysisFailure("the process that analysed it died")
    assert failed == {item.key: reason for item in items if item.raw == POISON}
    assert stats.parsed.parses == 16


def test_few_blobs_are_held_at_a_time() -> None:
    read = 0

    def endless() -> Iterator[WorkItem]:
        nonlocal read
        for item in make_items(400, 100_000):
            read += 1
            yield item

    stats = BuildStats()
    found = ProcessPool(2, stats).run(endless())
    next(found)
    assert read <= 40
    found.close()  # type: ignore[attr-defined]
    assert read <= 40
    assert 1 <= stats.queue_depth <= 5


@pytest.mark.parametrize("sizes", [[], [10] * 100, [1_000_000], [399_999, 2, 1], [0] * 5])
def test_chunks_are_bounded_and_leave_nothing_out(sizes: list[int]) -> None:
    items = [
        WorkItem(BlobKey(str(number), "python"), b"x" * size) for number, size in enumerate(sizes)
    ]
    chunks = list(process_pool._split_chunks(items))
    assert [item for chunk in chunks for item in chunk] == items
    assert all(chunks)
    # All but the last of a chunk together are no larger than a chunk may be.
    assert all(
        sum(len(item.raw) for item in chunk[:-1]) <= process_pool._CHUNK_BYTES for chunk in chunks
    )


# ---- the current directory may be a hostile repository


def test_modules_of_the_repository_are_not_imported_by_workers(
    repo: Sandbox, tmp_path: Path
) -> None:
    # As the installed program does: Python does not put the current directory first for it.
    program = tmp_path / "detent"
    program.write_text("from detent.cli.main import entry\nif __name__ == '__main__': entry()\n")
    for name in sorted(sys.stdlib_module_names - {"this", "antigravity"}):
        mark = repo.path / f"{name}.mark"
        repo.write(f"{name}.py", f"open({str(mark)!r}, 'w').close()\n")
    repo.commit(**{f"m{number}.py": f"x = {number}\n" for number in range(3)})
    done = subprocess.run(
        [sys.executable, program, "index", "--jobs", "2"],
        cwd=repo.path,
        env={**repo.env, "PYTHONPATH": str(Path(detent.__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(repo.path.glob("*.mark")) == []


def test_a_path_of_the_caller_does_not_replace_the_standard_library(tmp_path: Path) -> None:
    for name in sorted(sys.stdlib_module_names - {"this", "antigravity"}):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'mark')!r}, 'w').close()")
    program = "import sys\nimport concurrent.futures.thread\n" + PROGRAM.replace(
        "print(len", f"sys.path.insert(0, {str(tmp_path)!r})\nprint(len"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "begin\n3\n"
    assert not (tmp_path / "mark").exists()


def test_the_program_of_the_caller_is_not_run_again(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, check=True)
    assert done.stdout == "begin\n3\n"


PROGRAM = """
from detent.core.model import BlobKey
from detent.index.executors.base import WorkItem
from detent.index.executors.process_pool import ProcessPool

print("begin", flush=True)
items = [WorkItem(BlobKey(str(n), "python"), b"x = 1") for n in range(3)]
print(len(list(ProcessPool(2).run(items))))
"""


def test_workers_end_with_the_pool_and_with_the_process_that_they_work_for() -> None:
    pool = ProcessPool(2)
    outcomes = pool.run(make_items(20, 100_000))
    next(outcomes)
    workers = list(pool._idle) or [process_pool.WorkerProcess()]
    outcomes.close()  # type: ignore[attr-defined]
    assert not pool._idle
    orphan = process_pool.WorkerProcess()
    assert orphan._process.stdin is not None
    orphan._process.stdin.close()  # as the system does when a process is killed
    assert orphan._process.wait(timeout=20) == 0
    for worker in [*workers, orphan]:
        worker.close()
        assert worker._process.returncode == 0
