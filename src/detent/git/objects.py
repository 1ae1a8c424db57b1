"""Revisions and blobs."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING

from detent.errors import GitError, NotMeasured
from detent.git.process import OPTIONS, call, checked, run
from detent.interrupts import held_back

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from detent.git.process import Repo

_CHUNK = 400
_RECORD = re.compile(rb":\d{6} \d{6} ([0-9a-f]{40,}) ([0-9a-f]{40,}) [A-Z]")


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
    done = call(repo.env, repo.top, ["merge-base", *commits])
    if done.returncode == 0 and done.stdout:
        return done.stdout.split()[0].decode()
    raise NotMeasured(
        f"no common ancestor of {one!r} and {other!r} is here",
        "in a shallow clone: `git fetch --unshallow`, or `fetch-depth: 0` in CI",
    )


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


def hooks_dir(repo: Repo) -> str:
    """Ask git where it looks for hooks.

    Parameters
    ----------
    repo : Repo
        The repository.

    Returns
    -------
    str
        The directory, there or not; ``core.hooksPath`` where that is set.
    """
    said = os.fsdecode(run(repo, ["rev-parse", "--git-path", "hooks"])).removesuffix("\n")
    return str(Path(repo.top) / said)


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
    return {oid.decode() for pair in _RECORD.findall(said) for oid in pair}


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
    linked = Path(repo.common_dir) / "worktrees"
    return ["", *(f"worktrees/{path.name}" for path in sorted(linked.glob("*")))]


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
        return (Path(repo.git_dir) / "MERGE_HEAD").read_text("ascii").split()
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
        Object id and content, in the order asked for; None where the object is not here.
    """
    answered = 0
    # git gives up at the first object that is damaged: those after it are asked for once more.
    while answered < len(oids):
        for answer in _batch(repo, oids[answered:]):
            answered += 1
            yield answer


def _batch(repo: Repo, oids: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
    """Read blobs up to the first that is damaged."""
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
    except OSError:
        pass  # the reader stopped early and closed the pipe


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
        raw = (Path(repo.top) / os.fsdecode(path)).read_bytes()
    except OSError:
        return None
    for data in (raw, raw.replace(b"\r\n", b"\n")):
        if _oid(repo, data) == oid:
            return data
    return _filtered(repo, path, oid)


def _filtered(repo: Repo, path: bytes, oid: str) -> bytes | None:
    """Let git apply its filters, write the object to a place that is not kept, and read it back."""
    from tempfile import TemporaryDirectory

    place = TemporaryDirectory()
    try:
        alternates = Path(place.name) / "info/alternates"
        alternates.parent.mkdir()
        alternates.write_bytes(os.fsencode(f"{repo.common_dir}/objects\n"))
        elsewhere = repo._replace(env={**repo.env, "GIT_OBJECT_DIRECTORY": place.name})
        if hashed(elsewhere, [path], "-w").get(path) != oid:
            return None
        return next(blobs(elsewhere, [oid]))[1]
    finally:
        with held_back():
            place.cleanup()


def _oid(repo: Repo, data: bytes) -> str:
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
    for start in range(0, len(paths), _CHUNK):
        chunk = paths[start : start + _CHUNK]
        command = ["hash-object", *flags, "--", *map(os.fsdecode, chunk)]
        done = call(repo.env, repo.top, command)
        if done.returncode == 0:
            found.update(zip(chunk, done.stdout.decode().split(), strict=True))
        elif len(chunk) > 1:
            for path in chunk:  # one of them vanished or cannot be read
                found.update(hashed(repo, [path], *flags))
        elif (Path(repo.top) / os.fsdecode(chunk[0])).exists():
            checked(done, os.fsdecode(chunk[0]))
    return found


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
    arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options", revision]
    done = call(repo.env, repo.top, arguments)
    return "" if done.returncode else done.stdout.decode().strip()
