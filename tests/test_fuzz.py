"""The fuzzer, for a few seconds; ``DETENT_FUZZ`` sets how many docstrings it takes."""

from __future__ import annotations

import os
import re
import subprocess
import sys

from conftest import SOURCE


def test_generated_docstrings_and_broken_files() -> None:
    program = SOURCE / "benchmarks/fuzz.py"
    count = os.environ.get("DETENT_FUZZ", "1000")
    done = subprocess.run(
        [sys.executable, str(program), count, str(int(count) // 50), count, str(SOURCE / "src")],
        capture_output=True,
        check=False,
        text=True,
    )
    assert re.findall(r"s: (\d+) problems", done.stdout) == ["0", "0"], done
    assert int(re.findall(r"([\d,]+) findings fixed", done.stdout)[0].replace(",", "")) > 100
    assert done.returncode == 0
