"""Files of the work tree, as git would store them."""

from __future__ import annotations

import os
import re
from contextlib import suppress

from detent import TYPE_CHECKING
from detent.core.signals import defer_signals
from detent.git.blobs import read_blobs, split_by_size
from detent.git.process import call_git, require_success, run_git

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from detent.git.process import Repo

#: Bytes of paths on one command line: Windows takes 32,767 characters in all.
_LINE_BYTES = 24_000
# Parts of a path that would lead out of a directory, also on Windows.
_UNSAFE_PART = re.compile(rb"|\.|\.\.|.*[\\:].*" if os.name == "nt" else rb"|\.|\.\.", re.DOTALL)


def read_from_disk(repo: Repo, path: bytes, oid: str) -> bytes | None:
    """Read the content that a tracked file would have if it were added now."""
    try:
        with open(os.path.join(repo.top, os.fsdecode(path)), "rb") as file:
            raw = file.read()
    except OSError:
        return None
    for data in (raw, raw.replace(b"\r\n", b"\n")):
        if compute_blob_id(repo, data) == oid:
            return data
    return _read_filtered(repo, path, oid)


def _read_filtered(repo: Repo, path: bytes, oid: str) -> bytes | None:
    """Let git apply its filters, write the object to a temporary directory, and read it back."""
    from tempfile import TemporaryDirectory

    objects = TemporaryDirectory()
    try:
        os.mkdir(os.path.join(objects.name, "info"))
        with open(os.path.join(objects.name, "info/alternates"), "wb") as alternates:
            alternates.write(_quote_path(os.fsencode(f"{repo.common_dir}/objects")) + b"\n")
        other = repo.with_variables(GIT_OBJECT_DIRECTORY=objects.name)
        if hash_files(other, [path], "-w").get(path) != oid:
            return None
        return dict(read_blobs(other, [oid]))[oid]
    finally:
        with defer_signals():
            objects.cleanup()


def write_tree_files(repo: Repo, oids: Mapping[bytes, str], directory: str) -> None:
    """Write files of a tree below an empty directory; names that would leave it are left out."""
    places = {
        path: os.path.join(directory, os.fsdecode(path))
        for path in oids
        if not any(_UNSAFE_PART.fullmatch(part) for part in path.split(b"/"))
    }
    contents = dict(read_blobs(repo, list({oids[path] for path in places})))
    for path, place in places.items():
        with suppress(OSError):  # a name that is too long here
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with open(place, "xb") as file:
                file.write(contents[oids[path]] or b"")


def is_tracked(repo: Repo, paths: Sequence[str]) -> bool:
    """Tell whether git tracks any of some files."""
    return bool(run_git(repo, ["ls-files", "-z", "--", *paths]))


def _quote_path(path: bytes) -> bytes:
    """Quote a path with a newline as git does; other paths are read as they are."""
    if b"\n" not in path:
        return path
    for character, escape in ((b"\\", rb"\\"), (b'"', rb"\""), (b"\n", rb"\n")):
        path = path.replace(character, escape)
    return b'"%b"' % path


def compute_blob_id(repo: Repo, data: bytes) -> str:
    """Compute the object id that git would give some content."""
    import hashlib

    return hashlib.new(repo.object_format, b"blob %d\0" % len(data) + data).hexdigest()


def hash_files(repo: Repo, paths: Sequence[bytes], *flags: str) -> dict[bytes, str]:
    """Ask git for the object ids that files of the work tree would have."""
    found: dict[bytes, str] = {}
    for chunk in split_by_size(paths, _LINE_BYTES):  # quotes and a space come with each
        command = ["hash-object", *flags, "--", *map(os.fsdecode, chunk)]
        done = call_git(repo, command)
        if done.returncode == 0:
            found.update(zip(chunk, done.stdout.decode().split(), strict=True))
        elif len(chunk) > 1:
            for path in chunk:  # one of them vanished or cannot be read
                found.update(hash_files(repo, [path], *flags))
        elif os.path.exists(os.path.join(repo.top, os.fsdecode(chunk[0]))):
            require_success(done, os.fsdecode(chunk[0]))
    return found
