"""What git's attributes say of paths."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.git.process import call_git, expect_call, require_success

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Collection, Sequence

    from detent.git.process import Repo

#: Code that is not of the project's making, as GitHub's Linguist reads the attributes.
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
        done = _check_attributes(repo, _choose_source(disk=disk), given)
    fields = require_success(done, repo.top).split(b"\0")
    values = zip(fields[0:-1:3], fields[2::3], strict=True)
    return {path for path, value in values if value not in _FALSE_VALUES}


def expect_generated_or_vendored(repo: Repo, *, disk: bool = False) -> None:
    """Let git start with what `generated_or_vendored` will ask."""
    place, command = _build_command(repo, _choose_source(disk=disk))
    expect_call(place, command)


def _choose_source(*, disk: bool) -> tuple[str, ...]:
    return () if disk else ("--cached",)


def _build_command(repo: Repo, source: Sequence[str]) -> tuple[Repo, list[str]]:
    # What only this user or this machine has set must not decide about everybody's code.
    # And it need not hand over each answer by itself.
    env = {**repo.env, "GIT_ATTR_NOSYSTEM": "1", "GIT_FLUSH": "0"}
    command = [
        "-c",
        "core.attributesFile=",
        "check-attr",
        "-z",
        "--stdin",
        *source,
        *_LINGUIST_ATTRIBUTES,
    ]
    return repo._replace(env=env), command


def _check_attributes(
    repo: Repo, source: Sequence[str], given: bytes
) -> subprocess.CompletedProcess[bytes]:
    place, command = _build_command(repo, source)
    return call_git(place.env, place.top, command, given=given)


def _check_tree_attributes(
    repo: Repo, tree: str, given: bytes
) -> subprocess.CompletedProcess[bytes]:
    done = _check_attributes(repo, (f"--source={tree}",), given)
    if done.returncode != _USAGE_STATUS:
        return done
    # Before 2.40 git reads them from an index only.
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as place:
        elsewhere = repo._replace(env={**repo.env, "GIT_INDEX_FILE": f"{place}/index"})
        require_success(call_git(elsewhere.env, elsewhere.top, ["read-tree", tree]), repo.top)
        return _check_attributes(elsewhere, _choose_source(disk=False), given)
