"""The languages that detent can index: one table, and one module for each row of it."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from detent.languages.base import Analysis, Language, PreviousVersion


class LanguageEntry(NamedTuple):
    """A row of the table: a `Language` whose module is imported when a file is analyzed."""

    name: str
    module: str  # has the function `analyze` of the protocol
    suffixes: tuple[bytes, ...]
    version: int

    def analyze(self, raw: bytes, previous: PreviousVersion | None = None) -> Analysis:
        """Collect the facts of one file."""
        module: Language = __import__(self.module, fromlist=["analyze"])
        return module.analyze(raw, previous)


_ENTRIES = (
    # Not ``.pyi``: stubs have no docstrings, and no code.
    LanguageEntry("python", "detent.languages.python", (b".py",), version=12),
)

#: Every language, by its name.
LANGUAGES: dict[str, Language] = {entry.name: entry for entry in _ENTRIES}

#: The name of the language of each suffix.
SUFFIXES = {suffix: entry.name for entry in _ENTRIES for suffix in entry.suffixes}


def detect_language(path: bytes) -> str | None:
    """Name the language of a file by its suffix; None where detent does not know it."""
    dot = path.rfind(b".")
    return SUFFIXES.get(path[dot:]) if dot > path.rfind(b"/") else None


def get_language(name: str) -> Language:
    """Get a language by its name."""
    return LANGUAGES[name]


def fingerprint_languages() -> str:
    """Name the table: with another one, a view may hold other files."""
    return " ".join(f"{suffix.decode()}:{name}" for suffix, name in sorted(SUFFIXES.items()))
