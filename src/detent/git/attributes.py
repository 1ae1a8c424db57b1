"""The attributes that git has for paths."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.git.process import call_git, require_success, run_git

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Collection

    from detent.git.process import Repo

#: Code that the project did not write, as GitHub's Linguist reads the attributes.
_LINGUIST_ATTRIBUTES = ("linguist-generated", "linguist-vendored")
_FALSE_VALUES = (b"unspecified", b"unset", b"false")
_USAGE_STATUS = 129


def generated_or_vendored(
    repo: Repo, paths: Collection[bytes], *, tree: str | None = None, disk: bool = False
) -> set[bytes]:
    """Find the files that attributes call generated or vendored."""
    if not paths:
        return set()
    # Sorted: git reads the files of a directory, and those above it, each time that it enters it.
    given = b"".join(path + b"\0" for path in sorted(paths))
    if tree is not None:
        done = _check_tree_attributes(repo, tree, given)
    else:
        done = _check_attributes(repo, given, *(() if disk else ("--cached",)))
    fields = require_success(done, repo.top).split(b"\0")
    values = zip(fields[0:-1:3], fields[2::3], strict=True)
    return {path for path, value in values if value not in _FALSE_VALUES}


def _check_attributes(repo: Repo, given: bytes, *source: str) -> subprocess.CompletedProcess[bytes]:
    # What only this user or this machine has set must not decide about everybody's code.
    settings = ["-c", "core.attributesFile="]
    command = ["check-attr", "-z", "--stdin", *source, *_LINGUIST_ATTRIBUTES]
    # And git need not write out each answer by itself.
    other = repo.with_variables(GIT_ATTR_NOSYSTEM="1", GIT_FLUSH="0")
    return call_git(other, [*settings, *command], given=given)


def _check_tree_attributes(
    repo: Repo, tree: str, given: bytes
) -> subprocess.CompletedProcess[bytes]:
    done = _check_attributes(repo, given, f"--source={tree}")
    if done.returncode != _USAGE_STATUS:
        return done
    # Before 2.40 git reads them from an index only.
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as directory:
        other = repo.with_variables(GIT_INDEX_FILE=f"{directory}/index")
        run_git(other, ["read-tree", tree])
        return _check_attributes(other, given, "--cached")
