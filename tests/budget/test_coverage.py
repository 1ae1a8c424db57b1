from __future__ import annotations

import pytest

from detent.audit.analyze import analyze_file
from detent.audit.selection.select import Selection
from detent.budget.coverage import check_docstrings, count_coverage

SOURCE = '''"""Do things."""


class A:
    """Be a thing."""

    def __init__(self): ...

    def _p(self): ...

    def q(self): ...


class B:
    def __init__(self): ...
'''


@pytest.mark.parametrize(
    ("path", "missing", "expected"),
    [
        ("a.py", None, (4, 2)),
        ("tests/a.py", None, (0, 0)),
        ("a.py", {"private"}, (1, 1)),
        ("a.py", {"module"}, (1, 0)),
        ("a.py", {"class", "init"}, (4, 1)),
    ],
)
def test_what_counts_as_undocumented(
    path: str, missing: set[str] | None, expected: tuple[int, int]
) -> None:
    selection = Selection(missing=frozenset(missing)) if missing else Selection()
    files = [(path.encode(), analyze_file(SOURCE.encode()))]
    assert count_coverage(files, selection).total == expected


def test_what_is_documented_is_told_by_symbol() -> None:
    found = check_docstrings(analyze_file(SOURCE.encode()), Selection().resolve_file("a.py"))
    shown = {symbol.qualname: has for symbol, has in found}
    assert shown == {"": True, "A": True, "A.q": False, "B": False}
