"""The languages that detent can index: one table, and one module for each row of it.

Which files detent reads is decided here: by the suffix, or for executable files without one by
their first line.
"""

from __future__ import annotations

import re

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from detent.core.references import FileReferences
    from detent.languages.base import Analysis, Language, PreviousVersion


class LanguageEntry(NamedTuple):
    """A row of the table: a `Language` whose module is imported when a file is analyzed."""

    name: str
    module: str  # has the function `analyze` of the protocol
    suffixes: tuple[bytes, ...]
    version: int
    references_version: int = 0

    def analyze(self, raw: bytes, previous: PreviousVersion | None = None) -> Analysis:
        """Collect the facts of one file."""
        module: Language = __import__(self.module, fromlist=["analyze"])
        return module.analyze(raw, previous)

    def extract_references(self, raw: bytes) -> FileReferences:
        """Collect the references of one file."""
        name = f"{self.module}.references"
        module: Language = __import__(name, fromlist=["extract_references"])
        return module.extract_references(raw)


_PYTHON = LanguageEntry(
    "python", "detent.languages.python", (b".py", b".pyi"), version=15, references_version=1
)
_ENTRIES = (
    _PYTHON,
    # Read by the extractor of Python, whose version is part of this one.
    LanguageEntry(
        "cython",
        "detent.languages.cython",
        (b".pyx", b".pxd", b".pxi"),
        version=_PYTHON.version * 100 + 1,
    ),
)
_SCRIPT_HEAD = rb"#![^\n]*?(?:\b(?:python|pypy)[\d.]*(?!\w)|\buv run\b)"
_HEAD_BYTES = 256
#: Why files in other languages are not checked, of which there may be very many.
OTHER_LANGUAGE = "not Python source"
_REASONS = {
    b".ipynb": "a notebook: check the modules that it imports, or a script that it is exported to"
}

#: Every language, by its name.
LANGUAGES: dict[str, Language] = {entry.name: entry for entry in _ENTRIES}

#: The name of the language of each suffix.
SUFFIXES = {suffix: entry.name for entry in _ENTRIES for suffix in entry.suffixes}


def detect_language(path: bytes) -> str | None:
    """Name the language of a file by its suffix; None where its name does not say it."""
    dot = path.rfind(b".")
    return SUFFIXES.get(path[dot:]) if dot > path.rfind(b"/") else None


def may_be_script(path: bytes) -> bool:
    """Tell whether only the content of an executable file says its language: no dot in its name."""
    return b"." not in path[path.rfind(b"/") + 1 :]


def detect_script(content: bytes) -> str | None:
    """Name the language of a script by its first line."""
    return _PYTHON.name if re.match(_SCRIPT_HEAD, content[:_HEAD_BYTES]) else None


def explain_unread(path: bytes) -> str:
    """Tell why a file is not read whose language detent does not know."""
    return _REASONS.get(path[path.rfind(b".") :], OTHER_LANGUAGE)


def get_language(name: str) -> Language:
    """Get a language by its name."""
    return LANGUAGES[name]


def fingerprint_languages() -> str:
    """Name the table: with another one, a view may hold other files."""
    return " ".join(f"{suffix.decode()}:{name}" for suffix, name in sorted(SUFFIXES.items()))
