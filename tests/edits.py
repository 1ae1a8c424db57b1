"""Edits of source files, as people make them, and as they do not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

LINES = [
    "",
    "    ",
    "# Note.",
    "    # Note.",
    "        # Note.",
    "x = 1",
    "    x = 1",
    "        return None",
    "import os.path",
    '"""',
    "@overload",
    "    @property",
    "def added(a, *, b=1): return os(a)",
    "    def added(self): self.added = 1",
    "class Added(Action):",
    "else:",
    "(",
    "\\",
    "__all__ = ['added']",
    "    # numpydoc ignore=GL08",
    "y = 2  # numpydoc ignore=GL08",
    "        z = 3  # detent: ignore[GL08]",
    "# detent: ignore[GL08]",
]


def change(source: str, chance: random.Random) -> str:
    """Make some edits, of those that people make and of those that they do not."""
    lines = source.split("\n")
    for _ in range(chance.choice([1, 1, 2, 5])):
        at = chance.randrange(len(lines))
        kind = chance.randrange(6)
        if kind < 2:
            lines.insert(at, chance.choice(LINES))
        elif kind == 2:
            del lines[at : at + chance.choice([1, 1, 3, 30])]
        elif kind == 3:
            some = lines[at : at + chance.choice([1, 5, 40])]
            to = chance.randrange(len(lines))
            lines[to:to] = some
        elif kind == 4:
            lines[at] = re.sub(r"\w+", lambda match: match[0][::-1], lines[at], count=1)
        else:
            lines[at] += chance.choice([" ", "  # Note.", ";", "\\", "  # numpydoc ignore=PR01"])
        lines = lines or [""]
    return "\n".join(lines)
