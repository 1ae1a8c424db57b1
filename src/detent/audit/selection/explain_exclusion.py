"""Which setting leaves a file out."""

from __future__ import annotations

import re

from detent import TYPE_CHECKING
from detent.audit.selection.presets import DEFAULT_EXCLUDE
from detent.core import globs

if TYPE_CHECKING:
    from detent.audit.selection.select import Selection


def explain_exclusion(selection: Selection, path: str) -> str:
    """Name the setting that leaves a file out."""
    if selection.is_audited(path):
        return ""
    for glob in selection.exclude:
        if globs.has_match((glob,), path):
            default = ", the default" if selection.exclude == DEFAULT_EXCLUDE else ""
            return f'`exclude` has "{glob}"{default}'
    for pattern in selection.exclude_files:
        if pattern and re.compile(pattern).match(path):
            return f"numpydoc's `exclude_files` has {pattern!r}"
    return "the settings exclude it"
