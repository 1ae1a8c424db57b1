"""Revisions and blobs."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from contextlib import suppress

from detent import TYPE_CHECKING
from detent.errors import GitError, NotMeasured
from detent.git.process import OPTIONS, call, resolving, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import IO

    from detent.git.process import Repo

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
    """Read blobs, all in one process of git.

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
    """
    rest, here = oids, None
    while rest:
        answered = 0
        for answer in _batch(repo, rest):
            answered += 1
            yield answer
        rest = rest[answered:]
        # git gives up at the first object that is damaged or that a partial clone lacks. Those that
        # follow are asked for once more, without all that are not here: there may be thousands.
        if rest and here is None:
            here = _local(repo)
            yield from ((oid, None) for oid in rest if oid not in here)
            rest = [oid for oid in rest if oid in here]


def _local(repo: Repo) -> set[str]:
    """List every object that is here, damaged or not."""
    listing = ["--batch-all-objects", "--batch-check=%(objectname)", "--buffer", "--unordered"]
    return set(run(repo, ["cat-file", *listing]).decode("ascii").split())


def _batch(repo: Repo, oids: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
    """Read blobs up to the first at which git gives up."""
    command = ["git", *OPTIONS, "cat-file", "--batch", "--buffer"]
    with subprocess.Popen(
        command,
        cwd=repo.top,
        env=repo.env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=1 << 20,
    ) as process:
        asked, answers = process.stdin, process.stdout
        if asked is None or answers is None:  # pragma: no cover
            raise GitError("git cat-file has no pipes")
        writer = threading.Thread(target=_ask, args=(asked, oids), daemon=True)
        writer.start()
        try:
            yield from _answers(answers, oids)
        finally:
            process.kill()
            writer.join()


def _answers(pipe: IO[bytes], oids: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
    for oid in oids:
        header = pipe.readline().split()
        if len(header) != 3:
            yield oid, None
            if not header:
                return
            continue
        size = int(header[2])
        content = pipe.read(size)
        pipe.read(1)
        yield oid, content if len(content) == size else None
        if len(content) < size:
            return


def _ask(pipe: IO[bytes], oids: Sequence[str]) -> None:
    try:
        pipe.write("".join(f"{oid}\n" for oid in oids).encode())
        pipe.close()
    except (OSError, ValueError):
        pass  # the reader stopped early, for a signal perhaps, and closed the pipe


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
