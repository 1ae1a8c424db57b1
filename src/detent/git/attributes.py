"""What git's attributes say of paths."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.git.process import call, checked, expect

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Collection, Sequence

    from detent.git.process import Repo

#: Code that is not of the project's making, as GitHub's Linguist reads the attributes.
_FOREIGN = ("linguist-generated", "linguist-vendored")
_NOT_SO = (b"unspecified", b"unset", b"false")
_USAGE = 129


def foreign(
    repo: Repo, paths: Collection[bytes], *, tree: str | None = None, disk: bool = False
) -> set[bytes]:
    """Find the files that attributes call generated or vendored.

    Parameters
    ----------
    repo : Repo
        The repository.
    paths : collection of bytes
        The files to ask about, from the root of the work tree.
    tree : str, optional
        Has the ``.gitattributes`` files that count; those of the index where none is given.
    disk : bool, default False
        Whether those of the work tree count, and neither a tree's nor the index's.

    Returns
    -------
    set of bytes
        Those of `paths` with a ``linguist-generated`` or ``linguist-vendored`` that is not false.

    Raises
    ------
    GitError
        If git fails.
    """
    if not paths:
        return set()
    # Sorted: git reads the files of a directory, and those above it, each time that it enters it.
    given = b"".join(path + b"\0" for path in sorted(paths))
    if tree is not None:
        done = _of_tree(repo, tree, given)
    else:
        done = _asked(repo, _source(disk=disk), given)
    fields = checked(done, repo.top).split(b"\0")
    values = zip(fields[0:-1:3], fields[2::3], strict=True)
    return {path for path, value in values if value not in _NOT_SO}


def expect_foreign(repo: Repo, *, disk: bool = False) -> None:
    """Let git begin with what `foreign` will be asked for in this block of `standing`.

    Parameters
    ----------
    repo : Repo
        The repository.
    disk : bool, default False
        As for `foreign`, which will be asked about no tree.
    """
    place, command = _question(repo, _source(disk=disk))
    expect(place, command)


def _source(*, disk: bool) -> tuple[str, ...]:
    return () if disk else ("--cached",)


def _question(repo: Repo, source: Sequence[str]) -> tuple[Repo, list[str]]:
    # What only this user or this machine has set must not decide about everybody's code.
    # And it need not hand over each answer by itself.
    env = {**repo.env, "GIT_ATTR_NOSYSTEM": "1", "GIT_FLUSH": "0"}
    command = ["-c", "core.attributesFile=", "check-attr", "-z", "--stdin", *source, *_FOREIGN]
    return repo._replace(env=env), command


def _asked(repo: Repo, source: Sequence[str], given: bytes) -> subprocess.CompletedProcess[bytes]:
    place, command = _question(repo, source)
    return call(place.env, place.top, command, given=given)


def _of_tree(repo: Repo, tree: str, given: bytes) -> subprocess.CompletedProcess[bytes]:
    done = _asked(repo, (f"--source={tree}",), given)
    if done.returncode != _USAGE:
        return done
    # Before 2.40 git reads them from an index only.
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as place:
        elsewhere = repo._replace(env={**repo.env, "GIT_INDEX_FILE": f"{place}/index"})
        checked(call(elsewhere.env, elsewhere.top, ["read-tree", tree]), repo.top)
        return _asked(elsewhere, _source(disk=False), given)
