"""Judge by numpydoc itself: its findings in place of those that are stored, for the files at hand.

They are a function of the file's bytes, but also of the numpydoc and the Python that are installed.
So they are no facts of ours and are not stored: both sides of a comparison are judged anew.
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.numpydoc import run_numpydoc

if TYPE_CHECKING:
    from collections.abc import Mapping

    from detent.core.model import BlobKey, FileFacts
    from detent.index.diff import Files, ViewDiff
    from detent.index.views import View


def apply_numpydoc(raw: bytes, facts: FileFacts) -> FileFacts:
    """Put numpydoc's findings in the place of those of detent's rules."""
    found = [finding for finding in facts.findings if finding.code.startswith("DT9")]
    found += run_numpydoc(raw)
    found.sort(key=lambda finding: finding.line)  # and in the order in which numpydoc says it
    return facts._replace(findings=tuple(found))


def audit_files(
    view: View, files: Files, blobs: Mapping[bytes, BlobKey]
) -> tuple[Files, dict[bytes, str]]:
    """Judge files by numpydoc."""
    facts = {blobs[path]: file_facts for path, file_facts in files}
    absent: list[BlobKey] = []
    found = {
        key: apply_numpydoc(raw, facts[key])
        for key, raw in view.read_contents(sorted(facts), absent=absent)
    }
    why = "its content is not in this clone, and numpydoc needs it: `git fetch` it"
    return (
        [(path, found[blobs[path]]) for path, _ in files if blobs[path] in found],
        {path: why for path, _ in files if blobs[path] in absent},
    )


def audit_diff(view: View, diff: ViewDiff) -> ViewDiff:
    """Judge both sides of a change by numpydoc."""
    *old, new = diff.blobs
    head, failures = audit_files(view, diff.head, new)
    bases = [audit_files(view, base, blobs)[0] for base, blobs in zip(diff.bases, old, strict=True)]
    return diff._replace(head=head, bases=bases, failures={**failures, **diff.failures})
