"""How much memory this process has, and has had at most."""

from __future__ import annotations

import sys

from detent.core.namedtuple import NamedTuple


class ProcessMemory(NamedTuple):
    """Memory of a process, in bytes."""

    rss: int | None  # what it has; None where the system does not say
    peak: int  # what it has had at most, since `reset_peak` where that works, else since it began


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    class _ProcessMemoryCounters(ctypes.Structure):
        _fields_ = (
            ("cb", wintypes.DWORD),
            ("faults", wintypes.DWORD),
            ("peak", ctypes.c_size_t),
            ("rss", ctypes.c_size_t),
            ("rest", ctypes.c_size_t * 6),
        )

    def measure_memory() -> ProcessMemory:
        """Measure this process."""
        kernel = ctypes.windll.kernel32
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        ask = kernel.K32GetProcessMemoryInfo
        ask.argtypes = (wintypes.HANDLE, ctypes.POINTER(_ProcessMemoryCounters), wintypes.DWORD)
        found = _ProcessMemoryCounters(cb=ctypes.sizeof(_ProcessMemoryCounters))
        ask(kernel.GetCurrentProcess(), ctypes.byref(found), found.cb)
        return ProcessMemory(found.rss, found.peak)

    def reset_peak() -> bool:
        """Do nothing: Windows keeps the peak."""
        return False

else:
    import os
    import resource

    _STATUS = "/proc/self/status"
    _RESET = "/proc/self/clear_refs"
    _UNIT = 1 if sys.platform == "darwin" else 1024

    def measure_memory() -> ProcessMemory:
        """Measure this process."""
        try:
            with open(_STATUS, "rb", buffering=0) as file:
                said = file.read(4096)
            return ProcessMemory(_read_field(said, b"VmRSS:"), _read_field(said, b"VmHWM:"))
        except (OSError, IndexError):
            # On Linux this would begin with what the parent had.
            return ProcessMemory(None, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT)

    def _read_field(said: bytes, name: bytes) -> int:
        return int(said.split(name, 1)[1].split(None, 1)[0]) * 1024

    def reset_peak() -> bool:
        """Let the peak begin anew."""
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
