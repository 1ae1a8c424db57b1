"""Facts to keep: rich ones, odd ones, and as a store gives them back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detent.audit.analyze import analyze_file
from detent.core.model import drop_docstring_sources

if TYPE_CHECKING:
    from detent.core.model import FileFacts

RICH = b'''"""Do much."""
import os.path as p
from . import x, y as z
from .q import *

__all__ = ["C", "f"]


@decorated("with 'quotes'", x=1)
@other
class C(Base, metaclass=M):
    """Know it -- not -- 'that'."""

    size: int = 3

    async def m(self, a: "int", /, b=2, *args: str, c, d: float = 3.5, **kw) -> "C | None":
        """Await it.

        Parameters
        ----------
        e : int
            Not there.
        """
        def inner():  # numpydoc ignore=GL08,SS03
            raise ValueError("x")
        await self.n(a)(b).c
        raise errors.Odd from None


def f():
    yield from g()
'''
SOURCES = {
    "rich": RICH,
    "empty": b"",
    "broken": b"def f(:\n  class\n",
    "zero": b'"""a\0b"""\n',
    "surrogate": b'__all__ = ["\\udc80"]\n\n\ndef f(a="\\ud800"):\n    """\\ud800 \\U0001f600"""\n',
    "latin": b"# -*- coding: latin-1 -*-\ndef \xe9t\xe9():\n    '''\xe9'''\n",
    "bytes": b'"""\xff\xfe"""\n',
    "quotes": b'def f():\n    """\');DROP TABLE blob;--"""\n    return g["\');--"]\n',
    "names": "".join(f"def n{n}(a{n}): '''D {n}.'''\n" for n in range(300)).encode(),
}


def facts_of(content: bytes) -> FileFacts:
    """Give facts as a store is to give them back."""
    return drop_docstring_sources(analyze_file(content))


def outline(facts: FileFacts) -> FileFacts:
    """Leave out what is read only in full."""
    empty: dict[str, Any] = dict.fromkeys(
        ("bases", "params", "raises", "attributes", "directives"), ()
    )
    bare = [
        one._replace(**empty, returns=None, ignores=frozenset(), uses="") for one in facts.symbols
    ]
    return facts._replace(symbols=tuple(bare), calls=(), bindings=())
