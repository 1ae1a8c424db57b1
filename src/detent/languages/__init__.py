"""Bytes of one file to its facts: pure, the same everywhere, no exception for bad input."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.model import FileFacts, Symbol
from detent.languages.python import decoding

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Which language a path holds, by its suffix. Facts belong to the blob and this language.
#: Stubs (``.pyi``) say nothing that a docstring audit or a reader of the code could use.
LANGUAGES: Mapping[bytes, str] = {b".py": "python"}


def detect_language(path: bytes) -> str | None:
    """Tell the language of a path by its suffix."""
    dot = path.rfind(b".")
    return LANGUAGES.get(path[dot:]) if dot > path.rfind(b"/") else None


def extract_facts(raw: bytes) -> FileFacts:
    """Collect everything that the bytes of one Python file say by themselves."""
    text = decoding.decode_source(raw)
    if not text.readable:
        # Nothing is known of what it holds, so nobody can ask it for a docstring.
        module = Symbol(-1, "module", "", "", "public", 1, 1, 1, flags=frozenset({"empty"}))
        return FileFacts(
            (module,),
            findings=text.problems,
            size=len(raw),
        )
    # Parsing is the only thing here that needs a package, and a hook with nothing to do needs none.
    from detent.languages.python import extract

    facts = extract.extract_python(text.data)
    return facts._replace(findings=text.problems + facts.findings, size=len(raw))
