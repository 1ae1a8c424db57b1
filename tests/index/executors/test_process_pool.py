from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from detent.core.model import FileFacts
from detent.index.executors import process_pool as examine_module
from detent.index.executors.process_pool import (
    AnalysisFailure,
    Blob,
    analyze_blobs,
    analyze_file,
    choose_jobs,
)

PROGRAM = """
from detent.index.executors.process_pool import analyze_file
names = " ".join(f"n{n}.m" for n in range(50))
print(analyze_file(f"def f(a, b): return {names.replace(' ', ' + ')}\\nraise A\\nraise B".encode()))
"""
Examine = Callable[[bytes], FileFacts]
POISON = b"'''poison'''"


def blobs(count: int, size: int = 0) -> list[Blob]:
    filler = "x = 1\n" * (size // 6)
    return [
        (f"{n:040x}", f"def f{n}(a):\n    '''do {n}'''\n{filler}".encode()) for n in range(count)
    ]


def dies(raw: bytes) -> FileFacts:
    if raw == POISON:
        os._exit(1)
    return analyze_file(raw)


def fails(raw: bytes) -> FileFacts:
    if raw == POISON:
        raise RecursionError("too deep")
    return analyze_file(raw)


def install(function: Examine) -> None:
    examine_module.analyze_file = function  # type: ignore[assignment]


def patch(monkeypatch: pytest.MonkeyPatch, function: Examine) -> None:
    """Examine with another function, in this process and in those that it starts."""

    def pool(jobs: int) -> ProcessPoolExecutor:
        fresh = get_context("spawn")
        return ProcessPoolExecutor(
            jobs, mp_context=fresh, initializer=install, initargs=(function,)
        )

    monkeypatch.setattr(examine_module, "_make_pool", pool)
    monkeypatch.setattr(examine_module, "analyze_file", function)


def test_what_other_processes_find_is_the_same_and_in_order() -> None:
    some = [*blobs(20, 60_000), ("f" * 40, b"def f(:\n"), ("e" * 40, b"\xff")]
    one, two = list(analyze_blobs(some, jobs=1)), list(analyze_blobs(some, jobs=2))
    assert one == two
    assert [oid for oid, _ in one] == [oid for oid, _ in some]
    assert list(analyze_blobs([], jobs=2)) == []


def test_facts_do_not_depend_on_the_order_of_sets() -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    # A frozenset is shown in whatever order; these facts hold none with two members.
    assert len(said) == 1


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_defect_costs_one_blob(monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    patch(monkeypatch, fails)
    some = blobs(20)
    some[3:3] = [("f" * 40, POISON)]
    found = dict(analyze_blobs(some, jobs=jobs))
    assert found.pop("f" * 40) == AnalysisFailure(
        "f" * 40, "defect in detent: RecursionError: too deep"
    )
    assert found == {oid: analyze_file(raw) for oid, raw in some if raw != POISON}


@pytest.mark.parametrize("places", [[7], [0, 17]])
def test_a_process_that_dies_costs_one_blob(
    monkeypatch: pytest.MonkeyPatch, places: list[int]
) -> None:
    patch(monkeypatch, dies)
    monkeypatch.setattr(examine_module, "_CHUNK_BYTES", 150)
    some = blobs(16)
    for place in places:
        some[place:place] = [(f"{place:f>40}", POISON)]
    found = list(analyze_blobs(some, jobs=2))
    assert [oid for oid, _ in found] == [oid for oid, _ in some]
    failed = {oid: one for oid, one in found if isinstance(one, AnalysisFailure)}
    reason = "the process that analysed it died"
    assert failed == {oid: AnalysisFailure(oid, reason) for oid, raw in some if raw == POISON}


def test_few_blobs_are_held_at_a_time() -> None:
    read = 0

    def endless() -> Iterator[Blob]:
        nonlocal read
        for blob in blobs(400, 100_000):
            read += 1
            yield blob

    found = analyze_blobs(endless(), jobs=2)
    next(found)
    assert read <= 40
    found.close()  # type: ignore[attr-defined]
    assert read <= 40


@pytest.mark.parametrize("sizes", [[], [10] * 100, [1_000_000], [399_999, 2, 1], [0] * 5])
def test_chunks_are_bounded_and_leave_nothing_out(
    monkeypatch: pytest.MonkeyPatch, sizes: list[int]
) -> None:
    some = [(str(n), b"x" * size) for n, size in enumerate(sizes)]
    chunks = list(examine_module._split_chunks(some))
    assert [blob for chunk in chunks for blob in chunk] == some
    assert all(chunk for chunk in chunks)
    # All but the last of a chunk together are no larger than a chunk may be.
    assert all(
        sum(len(raw) for _, raw in chunk[:-1]) <= examine_module._CHUNK_BYTES for chunk in chunks
    )


def test_findings_of_the_file_and_of_its_docstrings_are_sorted_together() -> None:
    facts = analyze_file(b'def f(x):\n    """\xff do"""\n\n\ndef g(:\n')
    places = [(one.line, one.column, one.code) for one in facts.findings]
    assert places == sorted(places)
    assert {code[:2] for _, _, code in places} >= {"DT", "SS"}


def test_processes_are_started_only_where_there_is_work() -> None:
    assert [choose_jobs(size) for size in (0, 1_000_000, 31_000_000)] == [1, 1, 1]
    assert choose_jobs(10**12) == os.cpu_count()
