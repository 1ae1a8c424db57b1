"""The memory of this process: from Linux itself, and from psutil elsewhere."""

from __future__ import annotations

import os
import sys
from importlib import import_module

from detent.core.namedtuple import NamedTuple

_STATUS = "/proc/self/status"
_RESET = "/proc/self/clear_refs"


class ProcessMemory(NamedTuple):
    """Memory of a process, in bytes; None where it is not known."""

    rss: int | None = None
    peak: int | None = None  # since `reset_peak` where that works, else since the process began


def measure_memory() -> ProcessMemory:
    """Measure this process."""
    if sys.platform != "linux":
        return _ask_psutil()
    try:
        with open(_STATUS, "rb", buffering=0) as file:
            status = file.read(4096)
        return ProcessMemory(_read_field(status, b"VmRSS:"), _read_field(status, b"VmHWM:"))
    except (OSError, IndexError):
        return ProcessMemory()


def _read_field(status: bytes, name: bytes) -> int:
    return int(status.split(name, 1)[1].split(None, 1)[0]) * 1024


def _ask_psutil() -> ProcessMemory:
    """Measure this process where the extra `stages` is installed; only Windows has a peak."""
    try:
        memory = import_module("psutil").Process().memory_info()
    except ImportError:
        return ProcessMemory()
    return ProcessMemory(memory.rss, getattr(memory, "peak_wset", None))


def reset_peak() -> bool:
    """Let the peak begin again at the present value; give whether the system can do that."""
    try:
        handle = os.open(_RESET, os.O_WRONLY)
    except OSError:
        return False
    try:
        os.write(handle, b"5")
    except OSError:
        return False
    finally:
        os.close(handle)
    return True
