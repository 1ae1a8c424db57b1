"""Which spellings of a path are one to the file system."""

from __future__ import annotations

import unicodedata

from detent import TYPE_CHECKING
from detent.git.process import call_git

if TYPE_CHECKING:
    from collections.abc import Callable

    from detent.git.process import Repo


def make_path_normalizer(repo: Repo) -> Callable[[bytes], bytes]:
    """Tell how a path that a person typed compares with one of git, on this file system."""
    names = r"^core\.(ignorecase|precomposeunicode)$"
    done = call_git(repo.env, repo.top, ["config", "--type=bool", "--get-regexp", names])
    said = set(done.stdout.decode("utf-8", "replace").splitlines())
    ignores_case = "core.ignorecase true" in said
    if not ignores_case and "core.precomposeunicode true" not in said:
        return bytes

    def known(path: bytes) -> bytes:
        name = unicodedata.normalize("NFC", path.decode("utf-8", "surrogateescape"))
        return (name.casefold() if ignores_case else name).encode("utf-8", "surrogateescape")

    return known
