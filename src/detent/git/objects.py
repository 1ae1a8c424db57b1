"""Revisions and blobs."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from itertools import islice

from detent import TYPE_CHECKING
from detent.core.errors import NotMeasured
from detent.git.process import call, resolving, run, start, whereabouts
from detent.git.session import end, leave, take

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Generator, Hashable, Iterable, Iterator, Sequence
    from typing import IO

    from detent.git.process import Repo

#: Without --buffer, so that each answer comes when it is asked for.
_BATCH = ("cat-file", "--batch")
#: Bytes that a pipe holds, on any system.
_PIPE = 4096
_RECORD = rb":\d{6} \d{6} ([0-9a-f]{40,}) ([0-9a-f]{40,}) [A-Z]"


def tree_of(repo: Repo, revision: str) -> str:
    """Resolve a commit-ish or tree-ish to the object id of its tree.

    Parameters
    ----------
    repo : Repo
        The repository.
    revision : str
        As a person or a setting gives it; taken for nothing but a revision.

    Returns
    -------
    str
        The object id; the empty tree for ``HEAD`` before the first commit.

    Raises
    ------
    NotMeasured
        If there is no such revision.
    """
    found = resolve(repo, f"{revision}^{{tree}}")
    if found:
        return found
    # What follows a colon would take the suffix for a part of itself.
    oid = resolve(repo, revision)
    if oid and (found := resolve(repo, f"{oid}^{{tree}}")):
        return found
    if revision == "HEAD" and not oid:
        return repo.empty_tree
    raise NotMeasured(
        f"no such revision: {revision!r}",
        "see `git log --oneline`; in a shallow clone, `git fetch --unshallow` brings older commits",
    )


def merge_base(repo: Repo, one: str, other: str) -> str:
    """Find the commit that two branches last had in common.

    Parameters
    ----------
    repo : Repo
        The repository.
    one, other : str
        The revisions; what is a tree and no commit is its own base.

    Returns
    -------
    str
        An object id.

    Raises
    ------
    NotMeasured
        If there is none, as in a shallow clone: that never means that nothing changed.
    """
    commits = [resolve(repo, f"{revision}^{{commit}}") for revision in (one, other)]
    if not all(commits):
        return tree_of(repo, one)
    if found := common_ancestor(repo, *commits):
        return found
    raise NotMeasured(
        f"no common ancestor of {one!r} and {other!r} is here",
        "in a shallow clone: `git fetch --unshallow`, or `fetch-depth: 0` in CI",
    )


def common_ancestor(repo: Repo, *commits: str) -> str:
    """Find the best commit that the first one has in common with any of the others.

    Parameters
    ----------
    repo : Repo
        The repository.
    *commits : str
        Object ids of commits.

    Returns
    -------
    str
        An object id; empty where there is none here.
    """
    done = call(repo.env, repo.top, ["merge-base", *commits])
    return done.stdout.split()[0].decode() if done.returncode == 0 and done.stdout else ""


def base_on_remote(repo: Repo, commit: str, remote: str) -> str | None:
    """Find where a branch left what a remote has.

    Parameters
    ----------
    repo : Repo
        The repository.
    commit : str
        Object id of the tip of the branch.
    remote : str
        Name of the remote; all of them where none is named, or nothing was ever fetched from it.

    Returns
    -------
    str or None
        An object id; empty where the remote has no part of the branch, None where it has all of it.
    """
    # A URL, or any other text, must not become a pattern.
    named = [f"refs/remotes/{remote}/"] if remote and not set(remote) & set("*?[\\:") else []
    refs = named and run(repo, ["for-each-ref", "--count=1", *named])
    which = f"--remotes={remote}" if refs else "--remotes"
    said = run(repo, ["rev-list", "--boundary", commit, "--not", which]).decode("ascii").split()
    if not said:
        return None
    boundary = [oid[1:] for oid in said if oid.startswith("-")]
    return common_ancestor(repo, commit, *boundary) if boundary else ""


def first_parent(repo: Repo, revision: str) -> str:
    """Resolve the first parent of a commit.

    Parameters
    ----------
    repo : Repo
        The repository.
    revision : str
        The commit.

    Returns
    -------
    str
        An object id; empty where there is no parent, as for a first commit or a tree.
    """
    return resolve(repo, f"{revision}^")


def recent_blobs(repo: Repo, since: str) -> set[str]:
    """List what the commits of the last time wrote or took away, on any branch.

    Parameters
    ----------
    repo : Repo
        The repository.
    since : str
        A date as git reads it, such as ``90.days``.

    Returns
    -------
    set of str
        Object ids, of files of every kind.
    """
    flags = ["--raw", "-z", "--no-renames", "--no-abbrev", "--format="]
    said = run(repo, ["log", "--all", "--reflog", f"--since={since}", *flags, "--"])
    return {oid.decode() for pair in re.findall(_RECORD, said) for oid in pair}


def worktrees(repo: Repo) -> list[str]:
    """List the names of all work trees.

    Parameters
    ----------
    repo : Repo
        The repository.

    Returns
    -------
    list of str
        As `Repo.worktree` gives them: empty for the main one, which comes first.
    """
    linked: list[str] = []
    with suppress(OSError):
        linked = sorted(os.listdir(os.path.join(repo.common_dir, "worktrees")))
    return ["", *(f"worktrees/{name}" for name in linked)]


def version(repo: Repo) -> str:
    """Ask git for its version.

    Parameters
    ----------
    repo : Repo
        The repository.

    Returns
    -------
    str
        As git prints it, such as ``git version 2.39.5``.
    """
    return os.fsdecode(run(repo, ["--version"])).strip()


def merge_heads(repo: Repo) -> list[str]:
    """List the commits that the next commit will merge, besides HEAD.

    Parameters
    ----------
    repo : Repo
        The repository.

    Returns
    -------
    list of str
        What ``MERGE_HEAD`` names, or the environment of a hook; empty where no merge is under way.
    """
    try:
        with open(os.path.join(repo.git_dir, "MERGE_HEAD"), encoding="ascii") as file:
            return file.read().split()
    except (OSError, UnicodeError):
        # Before pre-merge-commit git writes no file yet, but names the heads in the environment.
        return [name[8:] for name in repo.env if name.startswith("GITHEAD_")]


def blobs(repo: Repo, oids: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
    """Read blobs; in a block of `standing`, one process of git reads for all who ask.

    Parameters
    ----------
    repo : Repo
        The repository.
    oids : sequence of str
        What to read.

    Yields
    ------
    (str, bytes or None)
        Object id and content, in the order asked for as long as none is missing; None where the
        object is not here or cannot be read.

    Raises
    ------
    GitError
        If git is missing or fails.
    """
    if not oids:
        return
    answered = yield from _batch(repo, take(_place(repo)) or start(repo, _BATCH), oids)
    if answered == len(oids):
        return
    # git gives up at the first object that is damaged or that a partial clone lacks. The rest is
    # asked for once more, without all that are not here: there may be thousands.
    absent = _absent(repo, oids[answered:])
    yield from ((oid, None) for oid in oids[answered:] if oid in absent)
    rest = [oid for oid in oids[answered:] if oid not in absent]
    while rest:
        answered = yield from _batch(repo, start(repo, _BATCH), rest)
        yield from ((oid, None) for oid in rest[answered : answered + 1])
        rest = rest[answered + 1 :]


def expect_blobs(repo: Repo) -> None:
    """Start what reads blobs, so that git's own start-up goes on beside other work.

    Parameters
    ----------
    repo : Repo
        The repository; in a block of `standing` what it starts is for the next `blobs`.

    Raises
    ------
    GitError
        If git is missing.
    """
    place = _place(repo)
    leave(place, take(place) or start(repo, _BATCH))


def _place(repo: Repo) -> Hashable:
    return whereabouts(repo.env, repo.top, _BATCH)


def _absent(repo: Repo, oids: Iterable[str]) -> set[str]:
    """Choose the objects that are not here, neither whole nor damaged."""
    listing = ["--batch-all-objects", "--batch-check=%(objectname)", "--buffer", "--unordered"]
    here = set(run(repo, ["cat-file", *listing]).decode("ascii").split())
    # What is named by its path in a tree may be here under its own name.
    return {oid for oid in oids if oid not in here and ":" not in oid}


def _batch(
    repo: Repo, process: subprocess.Popen[bytes], oids: Sequence[str]
) -> Generator[tuple[str, bytes | None], None, int]:
    """Read blobs up to the first at which git gives up; give how many, and leave git to others."""
    answered = 0
    try:
        for answer in _answers(process, oids):
            answered += 1
            yield answer
    finally:
        if answered == len(oids):
            leave(_place(repo), process)
        else:
            end(process)
    return answered


def _answers(
    process: subprocess.Popen[bytes], oids: Sequence[str]
) -> Iterator[tuple[str, bytes | None]]:
    assert process.stdin is not None
    assert process.stdout is not None
    rest = iter(oids)
    # While no more is under way than a pipe holds, neither side waits for the other to read.
    for lines in in_parts(map(_line, oids), _PIPE):
        _ask(process.stdin, lines)
        for oid in islice(rest, len(lines)):
            header = process.stdout.readline().split()
            if not header:
                return
            if len(header) != 3 or not header[2].isdigit():
                yield oid, None
                continue
            content = process.stdout.read(int(header[2]))
            if not process.stdout.read(1):
                return
            yield oid, content


def _line(oid: str) -> bytes:
    """Give what git is to read; where that cannot be one line it answers that there is no such."""
    return b"\n" if "\n" in oid else f"{oid}\n".encode()


def _ask(pipe: IO[bytes], lines: Iterable[bytes]) -> None:
    # One that has ended is found out when nothing more is to be read.
    with suppress(OSError):
        pipe.write(b"".join(lines))
        pipe.flush()


def in_parts(texts: Iterable[bytes], most: int) -> Iterator[list[bytes]]:
    """Part texts so that each part fits where there is little place.

    Parameters
    ----------
    texts : iterable of bytes
        Lines, or arguments.
    most : int
        Bytes that a part may have, with three besides for each text; one text alone may have more.

    Yields
    ------
    list of bytes
        Some of `texts`, in their order.
    """
    part: list[bytes] = []
    size = 0
    for text in texts:
        if part and size + len(text) > most:
            yield part
            part, size = [], 0
        part.append(text)
        size += len(text) + 3
    if part:
        yield part


def resolve(repo: Repo, revision: str) -> str:
    """Resolve a revision to an object id.

    Parameters
    ----------
    repo : Repo
        The repository.
    revision : str
        In any form that git knows, such as ``HEAD^{tree}``; never taken for an option.

    Returns
    -------
    str
        The object id; empty where there is no such revision.
    """
    done = call(repo.env, repo.top, resolving(revision))
    return "" if done.returncode else done.stdout.decode().strip()
