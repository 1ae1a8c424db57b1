"""Many processes at once on one index, two work trees, and both change all the time."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from conftest import SOURCE


@pytest.mark.skipif(
    "DETENT_RACES" not in os.environ, reason="asked for by DETENT_RACES=1, on a quiet machine"
)
def test_writers_and_readers_are_never_in_each_others_way() -> None:
    program = SOURCE / "benchmarks/races.py"
    done = subprocess.run(
        [sys.executable, str(program), "10", "4", "4"], capture_output=True, check=False, text=True
    )
    assert re.fullmatch(r".* by 4 writers and 4 readers: 0 errors\n", done.stdout), done
    assert done.returncode == 0
