"""Judge by numpydoc itself: its findings in place of those that are stored, for the files at hand.

They are a function of the file's bytes, but also of the numpydoc and the Python that are installed.
So they are no facts of ours and are not stored: both sides of a comparison are judged anew.
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.numpydoc import numpydoc
from detent.index.ingest import contents

if TYPE_CHECKING:
    from collections.abc import Mapping

    from detent.core.model import FileFacts
    from detent.git import Repo
    from detent.index.diff import Files, Sides


def rejudged(raw: bytes, facts: FileFacts) -> FileFacts:
    """Put numpydoc's findings in the place of those of detent's rules.

    Parameters
    ----------
    raw : bytes
        The file.
    facts : FileFacts
        Its facts.

    Returns
    -------
    FileFacts
        The same, with problems of the file as such, and what numpydoc says.
    """
    found = [one for one in facts.findings if one.code.startswith("DT9")]
    found += numpydoc(raw)
    found.sort(key=lambda one: one.line)  # and in the order in which numpydoc says it
    return facts._replace(findings=tuple(found))


def of_files(
    repo: Repo, files: Files, blobs: Mapping[bytes, str], *, on_disk: bool
) -> tuple[Files, dict[bytes, str]]:
    """Judge files by numpydoc.

    Parameters
    ----------
    repo : Repo
        The repository.
    files : list of (bytes, FileFacts)
        Paths with their facts.
    blobs : mapping of bytes to str
        Object id by path.
    on_disk : bool
        Whether git may not have these blobs, since they are as on disk.

    Returns
    -------
    list of (bytes, FileFacts)
        With numpydoc's findings.
    dict of bytes to str
        Paths that could not be read, and why.
    """
    facts = {blobs[path]: one for path, one in files}
    disk = {blobs[path]: path for path, _ in files} if on_disk else {}
    absent: list[str] = []
    found = {
        oid: rejudged(raw, facts[oid])
        for oid, raw in contents(repo, sorted(facts), disk, absent=absent)
    }
    why = "its content is not in this clone, and numpydoc needs it: `git fetch` it"
    return (
        [(path, found[blobs[path]]) for path, _ in files if blobs[path] in found],
        {path: why for path, _ in files if blobs[path] in absent},
    )


def of_sides(repo: Repo, two: Sides, *, on_disk: bool) -> Sides:
    """Judge both sides of a change by numpydoc.

    Parameters
    ----------
    repo : Repo
        The repository.
    two : Sides
        The two sides.
    on_disk : bool
        Whether the new side is as on disk.

    Returns
    -------
    Sides
        The same, with numpydoc's findings.
    """
    *old, new = two.blobs
    head, failures = of_files(repo, two.head, new, on_disk=on_disk)
    bases = [
        of_files(repo, base, blobs, on_disk=False)[0]
        for base, blobs in zip(two.bases, old, strict=True)
    ]
    return two._replace(head=head, bases=bases, failures={**failures, **two.failures})
