"""Sources of many shapes that grow with a number: what takes longer than in proportion never ends.

``python tests/shapes.py NUMBER`` audits each, and prints how long it takes for the number and for
its double.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from detent.audit.analyze import analyze_file

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = 'def f():\n    """Do.\n\n    Raises\n    ------\n'


def repeat_lines(pattern: str, count: int) -> str:
    """Write a line for each number."""
    return "".join(pattern.replace("#", str(number)) for number in range(count))


#: By name, what makes a source of about so many parts.
SHAPES: dict[str, Callable[[int], str]] = {
    "raises": lambda n: (
        HEAD + repeat_lines("    E#\n", n) + '    """\n' + repeat_lines("    raise X#\n", n)
    ),
    "one raise": lambda n: HEAD + repeat_lines("    E#\n", n) + '    """\n    raise X\n',
    "exports": lambda n: (
        "__all__ = [" + repeat_lines("'f#', ", n) + "]\n" + repeat_lines("def f#(): pass\n", n)
    ),
    "parameters": lambda n: (
        f"def f({repeat_lines('a#, ', n)}):\n"
        '    """Do.\n\n    Parameters\n    ----------\n'
        + repeat_lines("    b# : int\n        X.\n", n)
        + '    """\n'
    ),
    "repeated parameters": lambda n: (
        f"def f({repeat_lines('a#, ', n)}):\n"
        '    """Do.\n\n    Parameters\n    ----------\n'
        + repeat_lines("    a# : int\n        X.\n", n) * 2
        + '    """\n'
    ),
    "keys": lambda n: (
        f"def f({repeat_lines('a#, ', n)} **k):\n"
        '    """Do.\n\n    Parameters\n    ----------\n'
        + repeat_lines("    b# : int\n        X.\n", n)
        + '    """\n'
    ),
    "bases and methods": lambda n: (
        f"class A({repeat_lines('a#=1, ', n)}):\n" + repeat_lines("    def f#(self): pass\n", n)
    ),
    "attributes": lambda n: (
        'class A:\n    """Do.\n\n    Attributes\n    ----------\n'
        + repeat_lines("    b# : int\n        X.\n", n)
        + '    """\n'
        + repeat_lines("    a# = 1\n", n)
    ),
    "init attributes": lambda n: (
        "class A:\n    def __init__(self):\n" + repeat_lines("        self.a# = self.b# = 1\n", n)
    ),
    "sections": lambda n: '"""Do.\n\n' + repeat_lines("Notes\n-----\nx#\n\n", n) + '"""\n',
    "see also": lambda n: '"""Do.\n\nSee Also\n--------\n' + repeat_lines("a# : b\n", n) + '"""\n',
    "long name": lambda n: f"def {'a' * n}(): {'b' * n}\n",
    "long chain": lambda n: "x = a" + ".a" * n + "\n",
    "calls": lambda n: repeat_lines("f(#)\n", n),
    "call chain": lambda n: "f" + ".f()" * min(n, 5_000) + "\n",
    "imports": lambda n: repeat_lines("import a#\n", n),
    "ignores": lambda n: repeat_lines("def f#(): pass  # detent: ignore[GL08] x\n", n),
    "numpydoc ignores": lambda n: repeat_lines("def f#(): pass  # numpydoc ignore=GL08\n", n),
    "ignored codes": lambda n: f"def f(): pass  # detent: ignore[{'GL08,' * n}]\n",
    "decorators": lambda n: repeat_lines("@d# # x\n", n) + "def f(): pass\n",
    "decorated": lambda n: repeat_lines("@d(# # x\n)\ndef f#(): pass\n", n),
    "overloads": lambda n: "@overload\ndef f(): pass\n" * n,
    "same names": lambda n: 'def f():\n    """Do."""\n' * n,
    "escapes": lambda n: '"""' + r"\N{DASH} \x41" * n + '"""\n',
    "open names": lambda n: '"""' + r"\N{" * n + '"""\n',
    "concatenated": lambda n: "(" + '"a" ' * n + ")\n",
    "spaces": lambda n: "def f():\n    raise" + " " * n + "X\n",
    "backslashes": lambda n: "\\\n" * n,
    "brackets": lambda n: "(" * n,
    "square brackets": lambda n: "x = [" + "[\n" * n,
    "closed brackets": lambda n: "x = " + "[" * min(n, 2_000) + "]" * min(n, 2_000) + "\n",
    "quotes": lambda n: "x = " + "f'{" * n + "\n",
    "open strings": lambda n: "x = '\n" * n,
    "nested ifs": lambda n: "".join(" " * depth + "if x:\n" for depth in range(min(n, 400))),
    "nested classes": lambda n: "".join(
        " " * depth + f"class A{depth}:\n" for depth in range(min(n, 400))
    ),
    "elifs": lambda n: "if x: pass\n" + "elif x: pass\n" * n,
    "operators": lambda n: "x = 1" + " + 1" * min(n, 5_000) + "\n",
    "errors": lambda n: "def f(:\n  ]\n" * n,
    "try": lambda n: "def f():\n" + "    try:\n        raise X\n    except X: pass\n" * n,
    "excepts": lambda n: "try:\n    raise X\n" + repeat_lines("except E#: raise\n", n),
    "defaults": lambda n: '"""Do.\n\n' + "Default is 3. " * n + '"""\n',
    "braces": lambda n: '"""Do ' + "{" * n + '"""\n',
    "indented": lambda n: '"""Do\n' + repeat_lines("    x#\n", n) + '"""\n',
}


def main() -> None:
    count = int(sys.argv[1])
    for name, write in SHAPES.items():
        if sys.argv[2:] and name not in sys.argv[2:]:
            continue
        times = []
        for number in (count, 2 * count):
            begin = time.perf_counter()
            analyze_file(write(number).encode())
            times.append(time.perf_counter() - begin)
        sys.stdout.write(f"{times[1] / max(times[0], 1e-6):5.1f}  {times[1]:7.2f} s  {name}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
