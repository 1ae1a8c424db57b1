"""Every regular expression of detent takes time in proportion to its input."""

from __future__ import annotations

import queue
import re
import subprocess
import sys
import threading

import pytest

import pumps
from conftest import SOURCE

# What is linear takes milliseconds, what is not takes minutes or years.
PATIENCE = 120


def test_no_expression_hangs() -> None:
    program = SOURCE / "tests/pumps.py"
    lines: queue.Queue[str] = queue.Queue()
    last = "the list of expressions"
    names = set()
    with subprocess.Popen(
        [sys.executable, str(program), "watch"], stdout=subprocess.PIPE, text=True
    ) as child:

        def read_lines() -> None:
            for line in child.stdout or ():
                lines.put(line.strip())

        reader = threading.Thread(target=read_lines)
        reader.start()
        try:
            while last != "end":
                last = lines.get(timeout=PATIENCE)
                names.add(last.partition(" ")[0])
        except queue.Empty:
            raise AssertionError(f"not linear: {last}") from None
        finally:
            child.kill()
            reader.join()
    assert len(names) > 90


@pytest.mark.parametrize(
    ("expression", "length"),
    [
        (r"(a+)+$", 20),
        (r"(?:\w+\s?)+$", 20),
        (r"x(?:,b|,|b)*!", 40),
        (r"\s*,", 3_000),
        (r"\[\s*([^\[\]]+?)\s*\]", 300),
        (r"\{.*\}", 3_000),
    ],
)
def test_the_pumps_find_what_is_not_linear(expression: str, length: int) -> None:
    """Tell by one input whose time is out of all proportion to that of the first half of it."""
    pattern = re.compile(expression)
    given = pumps.Expression("bad", pattern, "finditer")

    def is_slow(pump: tuple[str, str, str]) -> bool:
        short, long = (
            min(pumps.run_pump(given, pump, size) for _ in range(5))
            for size in (length // 2, length)
        )
        return long > 0.001 and long > 3 * short

    assert any(map(is_slow, pumps.list_pumps(pattern)))
