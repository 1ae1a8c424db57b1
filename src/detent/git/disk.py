"""Files of the work tree, as git would store them."""

from __future__ import annotations

import os

from detent import TYPE_CHECKING
from detent.core.signals import held_back
from detent.git.objects import blobs, in_parts
from detent.git.process import call, checked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detent.git.process import Repo

#: So many bytes of paths go on one command line: Windows takes 32,767 characters in all.
_LINE = 24_000


def on_disk(repo: Repo, path: bytes, oid: str) -> bytes | None:
    """Read the content that a tracked file would have if it were added now.

    Parameters
    ----------
    repo : Repo
        The repository.
    path : bytes
        The path from the root of the work tree.
    oid : str
        What `edited` said of it.

    Returns
    -------
    bytes or None
        The bytes that `oid` names; None where the file has changed or gone meanwhile.
    """
    try:
        with open(os.path.join(repo.top, os.fsdecode(path)), "rb") as file:
            raw = file.read()
    except OSError:
        return None
    for data in (raw, raw.replace(b"\r\n", b"\n")):
        if blob_id(repo, data) == oid:
            return data
    return _filtered(repo, path, oid)


def _filtered(repo: Repo, path: bytes, oid: str) -> bytes | None:
    """Let git apply its filters, write the object to a place that is not kept, and read it back."""
    from tempfile import TemporaryDirectory

    place = TemporaryDirectory()
    try:
        os.mkdir(os.path.join(place.name, "info"))
        with open(os.path.join(place.name, "info/alternates"), "wb") as alternates:
            alternates.write(os.fsencode(f"{repo.common_dir}/objects\n"))
        elsewhere = repo._replace(env={**repo.env, "GIT_OBJECT_DIRECTORY": place.name})
        if hashed(elsewhere, [path], "-w").get(path) != oid:
            return None
        return next(blobs(elsewhere, [oid]))[1]
    finally:
        with held_back():
            place.cleanup()


def blob_id(repo: Repo, data: bytes) -> str:
    """Compute the name that git would give some content.

    Parameters
    ----------
    repo : Repo
        The repository.
    data : bytes
        The content.

    Returns
    -------
    str
        Object id of the blob.
    """
    import hashlib

    return hashlib.new(repo.object_format, b"blob %d\0" % len(data) + data).hexdigest()


def hashed(repo: Repo, paths: Sequence[bytes], *flags: str) -> dict[bytes, str]:
    """Ask git for the object ids that files of the work tree would have.

    Parameters
    ----------
    repo : Repo
        The repository.
    paths : sequence of bytes
        Files, from the root of the work tree.
    *flags : str
        Further options of ``git hash-object``: ``-w`` writes the objects too.

    Returns
    -------
    dict of bytes to str
        Object id by path, after git's own clean filters; without the files that vanished meanwhile.

    Raises
    ------
    GitError
        If a file is there and git cannot read it.
    """
    found: dict[bytes, str] = {}
    for chunk in in_parts(paths, _LINE):  # quotes and a space come with each
        command = ["hash-object", *flags, "--", *map(os.fsdecode, chunk)]
        done = call(repo.env, repo.top, command)
        if done.returncode == 0:
            found.update(zip(chunk, done.stdout.decode().split(), strict=True))
        elif len(chunk) > 1:
            for path in chunk:  # one of them vanished or cannot be read
                found.update(hashed(repo, [path], *flags))
        elif os.path.exists(os.path.join(repo.top, os.fsdecode(chunk[0]))):
            checked(done, os.fsdecode(chunk[0]))
    return found
