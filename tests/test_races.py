"""Many processes at once on one index, two work trees, and both change all the time."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from conftest import SOURCE

_SECONDS = os.environ.get("DETENT_RACES", "")


def test_writers_readers_and_who_tidies_up_are_never_in_each_others_way() -> None:
    """``DETENT_RACES=60`` lets twice as many run for that many seconds."""
    program = [sys.executable, str(SOURCE / "benchmarks/races.py")]
    many = [_SECONDS, "8", "8"] if _SECONDS else ["10x", "4", "4"]
    done = subprocess.run([*program, *many], capture_output=True, check=False, text=True)
    expected = rf".* by {many[1]} writers and {many[2]} readers: 0 errors\n"
    assert re.fullmatch(expected, done.stdout), done
    assert done.returncode == 0
