from __future__ import annotations

import sys

import pytest

from detent.index.stages.memory import measure_memory, reset_peak


def test_a_peak_stays_when_the_memory_is_gone() -> None:
    reset_peak()
    before = measure_memory()
    block = bytearray(64_000_000)
    during = measure_memory()
    del block
    after = measure_memory()
    assert during.peak >= before.peak + 50_000_000
    assert after.peak >= during.peak - 1_000_000  # Linux counts in lots
    if after.rss is not None:
        assert after.rss < after.peak - 50_000_000


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a peak begin anew")
def test_a_peak_begins_anew() -> None:
    del (block := [bytearray(64_000_000)])[:]
    assert not block
    if not reset_peak():
        pytest.skip("this system does not allow it")
    found = measure_memory()
    assert found.rss is not None
    assert found.peak < found.rss + 10_000_000
