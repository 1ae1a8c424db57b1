"""What a file is to a search: code, prose or records; and the prose that code has in it."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.languages import LANGUAGES, detect_language, detect_script, may_be_script

if TYPE_CHECKING:
    from collections.abc import Collection

CODE, PROSE, EXTRACTED_PROSE, RECORDS = "code", "prose", "extracted-prose", "records"
MODES = (CODE, PROSE, EXTRACTED_PROSE, RECORDS)

MARKDOWN, RESTRUCTURED, PLAIN, NOTEBOOK = "markdown", "restructuredtext", "text", "notebook"
TABLE, JSON_LINES, LOG = "table", "json-lines", "log"
_FORMATS = {
    b".md": MARKDOWN,
    b".markdown": MARKDOWN,
    b".rst": RESTRUCTURED,
    b".txt": PLAIN,
    b".ipynb": NOTEBOOK,
    b".csv": TABLE,
    b".tsv": TABLE,
    b".jsonl": JSON_LINES,
    b".ndjson": JSON_LINES,
    b".log": LOG,
}
_MODES_OF_FORMATS = {
    **dict.fromkeys((MARKDOWN, RESTRUCTURED, PLAIN, NOTEBOOK), (PROSE,)),
    **dict.fromkeys((TABLE, JSON_LINES, LOG), (RECORDS,)),
}


def detect_format(path: bytes, raw: bytes = b"") -> str:
    """Name the format of a file: a language, or such as ``markdown``; empty for any other."""
    language = detect_language(path) or (detect_script(raw) if may_be_script(path) else None)
    dot = path.rfind(b".")
    return language or (_FORMATS.get(path[dot:].lower(), "") if dot > path.rfind(b"/") else "")


def list_modes(form: str) -> Collection[str]:
    """List the modes in which a format is searched."""
    return (CODE, EXTRACTED_PROSE) if form in LANGUAGES else _MODES_OF_FORMATS.get(form, ())
