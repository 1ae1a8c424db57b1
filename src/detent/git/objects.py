"""Revisions and blobs."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from itertools import islice

from detent import TYPE_CHECKING
from detent.core.errors import MeasurementError
from detent.git.process import build_resolve_command, call_git, make_process_key, run_git, start_git
from detent.git.session import end_process, leave_process, take_process

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Generator, Hashable, Iterable, Iterator, Sequence
    from typing import IO

    from detent.git.process import Repo

#: Without --buffer, so that each answer comes when it is asked for.
_BATCH = ("cat-file", "--batch")
#: Bytes that a pipe holds, on any system.
_PIPE_BYTES = 4096
_RECORD = rb":\d{6} \d{6} ([0-9a-f]{40,}) ([0-9a-f]{40,}) [A-Z]"


def resolve_tree(repo: Repo, revision: str) -> str:
    """Resolve a commit-ish or tree-ish to the object id of its tree."""
    found = resolve_revision(repo, f"{revision}^{{tree}}")
    if found:
        return found
    # What follows a colon would take the suffix for a part of itself.
    oid = resolve_revision(repo, revision)
    if oid and (found := resolve_revision(repo, f"{oid}^{{tree}}")):
        return found
    if revision == "HEAD" and not oid:
        return repo.empty_tree
    raise MeasurementError(
        f"no such revision: {revision!r}",
        "see `git log --oneline`; in a shallow clone, `git fetch --unshallow` brings older commits",
    )


def find_merge_base(repo: Repo, one: str, other: str) -> str:
    """Find the commit that two branches last had in common."""
    commits = [resolve_revision(repo, f"{revision}^{{commit}}") for revision in (one, other)]
    if not all(commits):
        return resolve_tree(repo, one)
    if found := find_common_ancestor(repo, *commits):
        return found
    raise MeasurementError(
        f"no common ancestor of {one!r} and {other!r} is here",
        "in a shallow clone: `git fetch --unshallow`, or `fetch-depth: 0` in CI",
    )


def find_common_ancestor(repo: Repo, *commits: str) -> str:
    """Find the best commit that the first one has in common with any of the others."""
    done = call_git(repo.env, repo.top, ["merge-base", *commits])
    return done.stdout.split()[0].decode() if done.returncode == 0 and done.stdout else ""


def find_remote_base(repo: Repo, commit: str, remote: str) -> str | None:
    """Find where a branch left what a remote has."""
    # A URL, or any other text, must not become a pattern.
    named = [f"refs/remotes/{remote}/"] if remote and not set(remote) & set("*?[\\:") else []
    refs = named and run_git(repo, ["for-each-ref", "--count=1", *named])
    which = f"--remotes={remote}" if refs else "--remotes"
    said = run_git(repo, ["rev-list", "--boundary", commit, "--not", which]).decode("ascii").split()
    if not said:
        return None
    boundary = [oid[1:] for oid in said if oid.startswith("-")]
    return find_common_ancestor(repo, commit, *boundary) if boundary else ""


def resolve_first_parent(repo: Repo, revision: str) -> str:
    """Resolve the first parent of a commit."""
    return resolve_revision(repo, f"{revision}^")


def list_recent_blobs(repo: Repo, since: str) -> set[str]:
    """List what the commits of the last time wrote or took away, on any branch."""
    flags = ["--raw", "-z", "--no-renames", "--no-abbrev", "--format="]
    said = run_git(repo, ["log", "--all", "--reflog", f"--since={since}", *flags, "--"])
    return {oid.decode() for pair in re.findall(_RECORD, said) for oid in pair}


def list_worktrees(repo: Repo) -> list[str]:
    """List the names of all work trees."""
    linked: list[str] = []
    with suppress(OSError):
        linked = sorted(os.listdir(os.path.join(repo.common_dir, "worktrees")))
    return ["", *(f"worktrees/{name}" for name in linked)]


def read_version(repo: Repo) -> str:
    """Ask git for its version."""
    return os.fsdecode(run_git(repo, ["--version"])).strip()


def list_merge_heads(repo: Repo) -> list[str]:
    """List the commits that the next commit will merge, besides HEAD."""
    try:
        with open(os.path.join(repo.git_dir, "MERGE_HEAD"), encoding="ascii") as file:
            return file.read().split()
    except (OSError, UnicodeError):
        # Before pre-merge-commit git writes no file yet, but names the heads in the environment.
        return [name[8:] for name in repo.env if name.startswith("GITHEAD_")]


def read_blobs(repo: Repo, oids: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
    """Read blobs; in a block of `standing`, one process of git reads for all who ask."""
    if not oids:
        return
    answered = yield from _read_batch(
        repo, take_process(_make_batch_key(repo)) or start_git(repo, _BATCH), oids
    )
    if answered == len(oids):
        return
    # git gives up at the first object that is damaged or that a partial clone lacks. The rest is
    # asked for once more, without all that are not here: there may be thousands.
    absent = _find_absent(repo, oids[answered:])
    yield from ((oid, None) for oid in oids[answered:] if oid in absent)
    rest = [oid for oid in oids[answered:] if oid not in absent]
    while rest:
        answered = yield from _read_batch(repo, start_git(repo, _BATCH), rest)
        yield from ((oid, None) for oid in rest[answered : answered + 1])
        rest = rest[answered + 1 :]


def expect_blobs(repo: Repo) -> None:
    """Start what reads blobs, so that git's own start-up goes on beside other work."""
    place = _make_batch_key(repo)
    leave_process(place, take_process(place) or start_git(repo, _BATCH))


def _make_batch_key(repo: Repo) -> Hashable:
    return make_process_key(repo.env, repo.top, _BATCH)


def _find_absent(repo: Repo, oids: Iterable[str]) -> set[str]:
    """Choose the objects that are not here, neither whole nor damaged."""
    listing = ["--batch-all-objects", "--batch-check=%(objectname)", "--buffer", "--unordered"]
    here = set(run_git(repo, ["cat-file", *listing]).decode("ascii").split())
    # What is named by its path in a tree may be here under its own name.
    return {oid for oid in oids if oid not in here and ":" not in oid}


def _read_batch(
    repo: Repo, process: subprocess.Popen[bytes], oids: Sequence[str]
) -> Generator[tuple[str, bytes | None], None, int]:
    """Read blobs up to the first at which git gives up; give how many, and leave git to others."""
    answered = 0
    try:
        for answer in _read_answers(process, oids):
            answered += 1
            yield answer
    finally:
        if answered == len(oids):
            leave_process(_make_batch_key(repo), process)
        else:
            end_process(process)
    return answered


def _read_answers(
    process: subprocess.Popen[bytes], oids: Sequence[str]
) -> Iterator[tuple[str, bytes | None]]:
    assert process.stdin is not None
    assert process.stdout is not None
    rest = iter(oids)
    # While no more is under way than a pipe holds, neither side waits for the other to read.
    for lines in split_by_size(map(_format_line, oids), _PIPE_BYTES):
        _write_lines(process.stdin, lines)
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


def _format_line(oid: str) -> bytes:
    """Give what git is to read; where that cannot be one line it answers that there is no such."""
    return b"\n" if "\n" in oid else f"{oid}\n".encode()


def _write_lines(pipe: IO[bytes], lines: Iterable[bytes]) -> None:
    # One that has ended is found out when nothing more is to be read.
    with suppress(OSError):
        pipe.write(b"".join(lines))
        pipe.flush()


def split_by_size(texts: Iterable[bytes], most: int) -> Iterator[list[bytes]]:
    """Part texts so that each part fits where there is little place."""
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


def resolve_revision(repo: Repo, revision: str) -> str:
    """Resolve a revision to an object id."""
    done = call_git(repo.env, repo.top, build_resolve_command(revision))
    return "" if done.returncode else done.stdout.decode().strip()
