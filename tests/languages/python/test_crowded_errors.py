"""Runs of brackets, operators and keywords: no query looks at them, and the file has an error."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from detent.audit.analyze import analyze_file
from detent.languages.python import crowded_errors

RUNS = ("(", "[", "{", "{**", "lambda: ", "-", "not ", "*", "~", "await (", "@(")


@pytest.mark.parametrize("run", RUNS)
def test_no_query_looks_at_a_run(run: str, monkeypatch: pytest.MonkeyPatch) -> None:
    queried: list[int] = []
    extract: Any = importlib.import_module("detent.languages.python.extract")
    original = extract.QueryCursor

    def watch(query: object) -> object:
        cursor = original(query)

        class Watched:
            def captures(self, root: Any) -> object:
                queried.append(root.end_byte)
                return cursor.captures(root)

        return Watched()

    monkeypatch.setattr(extract, "QueryCursor", watch)
    source = b"def f():\n    pass\n\n\nx = " + run.encode() * 12_000
    facts = analyze_file(source)
    assert [finding.code for finding in facts.findings if finding.code == "DT902"] == ["DT902"]
    if len(facts.symbols) == 1:
        assert max(queried, default=0) == 0
    assert facts.lines == source.count(b"\n") + 1


def test_other_errors_leave_what_is_around_them() -> None:
    source = b"def f():\n    pass\n\n\nx = " + b"(" * 200 + b"\n\n\ndef g():\n    pass\n"
    assert len(analyze_file(source).symbols) > 1
    long = b"def f(:\n    pass\n" + b"x = [1, 2]\n" * crowded_errors.MOST_MARKS
    assert len(analyze_file(long).symbols) >= 1
