from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from detent.index.stages import memory
from detent.index.stages.memory import ProcessMemory, measure_memory, reset_peak


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says it without psutil")
def test_linux_knows_the_memory_of_a_process_and_its_peak() -> None:
    rss, peak = measure_memory()
    assert rss is not None
    assert peak is not None
    assert 1_000_000 < rss <= peak
    ballast = bytearray(50_000_000)
    grown = measure_memory().peak
    del ballast
    assert grown is not None
    assert grown > peak
    if reset_peak():
        assert (measure_memory().peak or 0) < grown


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"rss": 3}, ProcessMemory(3, None)),
        ({"rss": 3, "peak_wset": 4}, ProcessMemory(3, 4)),
    ],
)
def test_other_systems_are_asked_by_psutil(
    monkeypatch: pytest.MonkeyPatch, said: dict[str, int], expected: ProcessMemory
) -> None:
    process = SimpleNamespace(memory_info=lambda: SimpleNamespace(**said))
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setitem(sys.modules, "psutil", SimpleNamespace(Process=lambda: process))
    assert measure_memory() == expected


def test_without_psutil_memory_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "psutil", None)
    assert measure_memory() == ProcessMemory(None, None)


def test_a_system_without_proc_has_nothing_to_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(memory, "_STATUS", "/nowhere/status")
    monkeypatch.setattr(memory, "_RESET", "/nowhere/clear_refs")
    assert measure_memory() == ProcessMemory(None, None)
    assert not reset_peak()
