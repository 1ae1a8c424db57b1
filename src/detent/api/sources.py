"""Source lines of files, to show beside findings."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.languages.python import decoding

if TYPE_CHECKING:
    from collections.abc import Collection

    from detent.index.views import View


def read_source_lines(view: View, paths: Collection[bytes]) -> dict[bytes, list[str]]:
    """Read files of a view as the audit read them; what cannot be read is left out."""
    entries = view.list_entries()
    wanted = sorted({entries[path] for path in paths if path in entries})
    lines = {
        key: decoding.decode_source(raw).data.decode("utf-8", "replace").split("\n")
        for key, raw in view.read_contents(wanted)
    }
    return {path: lines[entries[path]] for path in paths if entries.get(path) in lines}
