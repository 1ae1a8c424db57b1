"""The engine ``numpydoc``: its findings instead of the stored ones.

They depend on the bytes of a file, and also on the installed numpydoc and Python. So they are not
stored: both sides of a comparison are checked each time.
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.numpydoc import run_numpydoc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from detent.core.model import BlobKey, FileFacts
    from detent.index.diff import Files, ViewDiff
    from detent.index.views import View


def apply_numpydoc(raw: bytes, facts: FileFacts, language: str) -> FileFacts:
    """Replace the findings of detent's rules by those of numpydoc, which reads only Python."""
    found = [finding for finding in facts.findings if finding.code.startswith("DT9")]
    found += run_numpydoc(raw) if language == "python" else []
    found.sort(key=lambda finding: finding.line)  # and in numpydoc's order
    return facts._replace(findings=tuple(found))


def audit_files(
    view: View, files: Files, blobs: Mapping[bytes, BlobKey]
) -> tuple[Files, dict[bytes, str]]:
    """Check files by numpydoc."""
    facts = {blobs[path]: file_facts for path, file_facts in files}
    absent: list[BlobKey] = []
    found = {
        key: apply_numpydoc(raw, facts[key], key.language)
        for key, raw in view.read_contents(sorted(facts), absent=absent)
    }
    why = "its content is not in this clone, and numpydoc needs it: `git fetch` it"
    return (
        [(path, found[blobs[path]]) for path, _ in files if blobs[path] in found],
        {path: why for path, _ in files if blobs[path] in absent},
    )


def audit_diff(view: View, diff: ViewDiff) -> ViewDiff:
    """Check both sides of a change by numpydoc."""
    *old, new = diff.blobs
    head, failures = audit_files(view, diff.head, new)
    bases = [audit_files(view, base, blobs)[0] for base, blobs in zip(diff.bases, old, strict=True)]
    return diff._replace(head=head, bases=bases, failures={**failures, **diff.failures})
