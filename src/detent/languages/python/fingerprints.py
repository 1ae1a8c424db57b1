"""Hashes of definitions that do not change when one is moved, renamed or indented."""

from __future__ import annotations

from detent import TYPE_CHECKING

try:
    # `hashlib` has it from here, but loads OpenSSL first, which takes longer than to hash.
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


__all__ = ["blake2b", "hash_definitions"]


def hash_definitions(
    own: Sequence[bytes],
    names: Sequence[str],
    parents: Sequence[int],
    *,
    known: Mapping[int, tuple[str, str]],
) -> list[tuple[str, str]]:
    """Hash definitions, in time linear in the source however deep they nest."""
    inner: list[list[bytes]] = [[] for _ in own]
    hashes = [("", "")] * len(own)
    for index in range(len(own) - 1, -1, -1):
        if index in known:
            hashes[index] = known[index]
        else:
            alone = _hash_bytes(own[index])
            inside = [own[index], *reversed(inner[index])]
            hashes[index] = (_hash_bytes(b"\0".join(inside)) if inner[index] else alone, alone)
        body, _ = hashes[index]
        if parents[index] >= 0:
            inner[parents[index]].append(f"{names[index]} {body}".encode("utf-8", "replace"))
    return hashes


def _hash_bytes(data: bytes) -> str:
    return blake2b(data, digest_size=12).hexdigest()
