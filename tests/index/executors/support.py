"""Work for executors, and analysis that goes wrong."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from detent.audit.analyze import analyze_content
from detent.core.model import BlobKey
from detent.index.executors import base, process_pool
from detent.index.executors.base import WorkItem

if TYPE_CHECKING:
    import pytest

    from detent.languages.base import Analysis, PreviousVersion

Analyze = Callable[..., "Analysis"]
POISON = b"'''poison'''"


def make_key(digit: str) -> BlobKey:
    return BlobKey(digit.rjust(40, digit[0]), "python")


def make_items(count: int, size: int = 0) -> list[WorkItem]:
    filler = "x = 1\n" * (size // 6)
    return [
        WorkItem(
            BlobKey(f"{number:040x}", "python"),
            f"def f{number}(a):\n    '''do {number}'''\n{filler}".encode(),
        )
        for number in range(count)
    ]


def dies(raw: bytes, language: str, previous: PreviousVersion | None = None) -> Analysis:
    if raw == POISON:
        os._exit(1)
    return analyze_content(raw, language, previous)


def fails(raw: bytes, language: str, previous: PreviousVersion | None = None) -> Analysis:
    if raw == POISON:
        raise RecursionError("too deep")
    return analyze_content(raw, language, previous)


def patch(monkeypatch: pytest.MonkeyPatch, analyze: Analyze) -> None:
    """Analyze with another function, in this process and in those that it starts."""
    change = f"""
from detent.index.executors import base
from index.executors.support import {analyze.__name__}
base.analyze_content = {analyze.__name__}
{process_pool._WORKER}
"""
    monkeypatch.setattr(process_pool, "_WORKER", f"exec({change!r})")
    monkeypatch.setattr(base, "analyze_content", analyze)
