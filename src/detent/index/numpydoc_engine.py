"""Judge by numpydoc itself: its findings in place of those that are stored, for the files at hand.

They are a function of the file's bytes, but also of the numpydoc and the Python that are installed.
So they are no facts of ours and are not stored: both sides of a comparison are judged anew.
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.numpydoc import run_numpydoc
from detent.index.ingest import read_contents

if TYPE_CHECKING:
    from collections.abc import Mapping

    from detent.core.model import BlobKey, FileFacts
    from detent.git import Repo
    from detent.index.diff import Files, ViewDiff


def apply_numpydoc(raw: bytes, facts: FileFacts) -> FileFacts:
    """Put numpydoc's findings in the place of those of detent's rules."""
    found = [one for one in facts.findings if one.code.startswith("DT9")]
    found += run_numpydoc(raw)
    found.sort(key=lambda one: one.line)  # and in the order in which numpydoc says it
    return facts._replace(findings=tuple(found))


def audit_files(
    repo: Repo, files: Files, blobs: Mapping[bytes, BlobKey], *, on_disk: bool
) -> tuple[Files, dict[bytes, str]]:
    """Judge files by numpydoc."""
    facts = {blobs[path]: one for path, one in files}
    disk = {blobs[path]: path for path, _ in files} if on_disk else {}
    absent: list[BlobKey] = []
    found = {
        key: apply_numpydoc(raw, facts[key])
        for key, raw in read_contents(repo, sorted(facts), disk, absent=absent)
    }
    why = "its content is not in this clone, and numpydoc needs it: `git fetch` it"
    return (
        [(path, found[blobs[path]]) for path, _ in files if blobs[path] in found],
        {path: why for path, _ in files if blobs[path] in absent},
    )


def audit_diff(repo: Repo, two: ViewDiff, *, on_disk: bool) -> ViewDiff:
    """Judge both sides of a change by numpydoc."""
    *old, new = two.blobs
    head, failures = audit_files(repo, two.head, new, on_disk=on_disk)
    bases = [
        audit_files(repo, base, blobs, on_disk=False)[0]
        for base, blobs in zip(two.bases, old, strict=True)
    ]
    return two._replace(head=head, bases=bases, failures={**failures, **two.failures})
