"""The command that starts Python again, without importing from the current directory."""

from __future__ import annotations

import sys


def build_python_command(code: str) -> list[str]:
    """Build the command that runs code with our modules.

    Python puts the current directory first on its path, and a hostile repository may have a file
    json.py there: `-I` leaves it out. Of the standard library comes nothing from our own path,
    which a program that calls us may have changed, and `-S` runs no code of that path.
    """
    package = sys.modules["detent"].__path__[0]
    path = [*filter(None, sys.path), f"{package}/.."]
    flags = ["-I", "-S", *(["-B"] if sys.flags.dont_write_bytecode else [])]
    return [sys.executable, *flags, "-c", f"import sys; sys.path += {path!r}; {code}"]
