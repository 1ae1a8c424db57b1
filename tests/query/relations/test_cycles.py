"""Modules that import each other."""

from __future__ import annotations

import pytest

from detent.audit.analyze import analyze_file
from detent.core.model import BlobKey
from detent.core.outline import derive_outline
from detent.query.relations.cycles import find_import_cycles
from detent.query.relations.outlines import ViewOutlines


def cycles(**modules: str) -> list[list[str]]:
    """Find the cycles among modules; the name of each has underscores for slashes."""
    files = {f"{name.replace('_', '/')}.py".replace("init", "__init__"): text
             for name, text in modules.items()}  # fmt: skip
    facts = {name: analyze_file(text.encode()) for name, text in files.items()}
    paths = {name.encode(): BlobKey(name, "python") for name in files}
    outlines = ViewOutlines(
        lambda: paths,
        lambda keys: {key: derive_outline(facts[key.oid]) for key in keys},
        lambda _: {},
    )
    return [[path.decode() for path in group] for group in find_import_cycles(outlines, paths)]


@pytest.mark.parametrize(
    ("modules", "expected"),
    [
        ({"a": "import b", "b": ""}, []),
        ({"a": "import b", "b": "import a"}, [["a.py", "b.py"]]),
        ({"a": "import a"}, []),
        ({"a": "from b import x", "b": "from c import *", "c": "import a"}, ["abc"]),
        ({"a": "import b", "b": "def f():\n    import a"}, []),
        ({"a": "import b", "b": "if TYPE_CHECKING:\n    import a"}, ["ab"]),
        ({"a": "import b, d", "b": "import a, c", "c": "import d", "d": "import c"}, ["ab", "cd"]),
        ({"a": "import b", "b": "import c", "c": "", "d": "import a"}, []),
        (
            {"p_init": "from . import a", "p_a": "from .b import x", "p_b": "from p import a"},
            [["p/a.py", "p/b.py"]],
        ),
        ({"p_init": "from .a import x", "p_a": "from . import x"}, [["p/__init__.py", "p/a.py"]]),
        ({"p_init": "from .a import x", "p_a": "from .b import x", "p_b": ""}, []),
        ({"p_init": "", "p_a": "import p.b", "p_b": "import p.a"}, [["p/a.py", "p/b.py"]]),
        ({"a": "import os, b.c"}, []),
    ],
)
def test_cycles(modules: dict[str, str], expected: list[str | list[str]]) -> None:
    groups = [[f"{one}.py" for one in group] if isinstance(group, str) else group
              for group in expected]  # fmt: skip
    assert cycles(**modules) == groups


def test_many_modules_are_no_deep_recursion() -> None:
    count = 3000
    ring = {f"m{n}": f"import m{(n + 1) % count}" for n in range(count)}
    ((*group,),) = cycles(**ring)
    assert len(group) == count
