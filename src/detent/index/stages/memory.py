"""How much memory this process has, and has had at most."""

from __future__ import annotations

import sys

from detent.core.namedtuple import NamedTuple


class Memory(NamedTuple):
    """Memory of a process, in bytes.

    Attributes
    ----------
    rss : int or None
        What it has; None where the system does not say.
    peak : int
        What it has had at most, since `reset_peak` where that works, else since it began.
    """

    rss: int | None
    peak: int


if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    class _Counters(ctypes.Structure):
        _fields_ = (
            ("cb", wintypes.DWORD),
            ("faults", wintypes.DWORD),
            ("peak", ctypes.c_size_t),
            ("rss", ctypes.c_size_t),
            ("rest", ctypes.c_size_t * 6),
        )

    def memory() -> Memory:
        """Measure this process.

        Returns
        -------
        Memory
            Its working set.
        """
        kernel = ctypes.windll.kernel32
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        ask = kernel.K32GetProcessMemoryInfo
        ask.argtypes = (wintypes.HANDLE, ctypes.POINTER(_Counters), wintypes.DWORD)
        found = _Counters(cb=ctypes.sizeof(_Counters))
        ask(kernel.GetCurrentProcess(), ctypes.byref(found), found.cb)
        return Memory(found.rss, found.peak)

    def reset_peak() -> bool:
        """Do nothing: Windows keeps the peak.

        Returns
        -------
        bool
            False.
        """
        return False

else:
    import os
    import resource

    _STATUS = "/proc/self/status"
    _RESET = "/proc/self/clear_refs"
    _UNIT = 1 if sys.platform == "darwin" else 1024

    def memory() -> Memory:
        """Measure this process.

        Returns
        -------
        Memory
            From Linux's own account where there is one, else what POSIX has.
        """
        try:
            with open(_STATUS, "rb", buffering=0) as file:
                said = file.read(4096)
            return Memory(_field(said, b"VmRSS:"), _field(said, b"VmHWM:"))
        except (OSError, IndexError):
            # On Linux this would begin with what the parent had.
            return Memory(None, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT)

    def _field(said: bytes, name: bytes) -> int:
        return int(said.split(name, 1)[1].split(None, 1)[0]) * 1024

    def reset_peak() -> bool:
        """Let the peak begin anew.

        Returns
        -------
        bool
            False where the system does not do that: the peak is then that of all stages so far.
        """
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
