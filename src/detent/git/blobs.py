"""Contents of blobs, by one process of git for all readers of a session."""

from __future__ import annotations

from contextlib import suppress
from itertools import islice

from detent import TYPE_CHECKING
from detent.git.process import call_git, open_session, run_git, start_git

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Generator, Iterable, Iterator, Sequence
    from typing import IO

    from detent.git.process import Repo
    from detent.git.session import GitSession

#: Without --buffer, so that each answer comes when it is asked for.
_BATCH = ("cat-file", "--batch")
#: Bytes that a pipe holds, on any system.
_PIPE_BYTES = 4096


def read_blobs(repo: Repo, oids: Sequence[str]) -> Iterator[tuple[str, bytes | None]]:
    """Read blobs; None for those that are missing or damaged."""
    if not oids:
        return
    if repo.session:
        yield from _read_in_session(repo, repo.session, oids)
        return
    with open_session(repo) as own:
        yield from read_blobs(own, oids)


def read_small_blobs(
    repo: Repo, oids: Sequence[str], most: int
) -> Iterator[tuple[str, bytes | None]]:
    """Read the blobs of at most so many bytes."""
    given = "".join(f"{oid}\n" for oid in oids).encode()
    listing = call_git(repo, ["cat-file", "--batch-check"], given=given).stdout.decode("ascii")
    answers = [line.split(" ") for line in listing.splitlines()]
    sizes = {answer[0]: int(answer[2]) for answer in answers if answer[2:]}
    yield from read_blobs(repo, [oid for oid in oids if sizes.get(oid, most + 1) <= most])


def find_missing_objects(repo: Repo, oids: Iterable[str]) -> set[str]:
    """Choose the objects that git does not have."""
    given = "".join(f"{oid}\n" for oid in oids).encode()
    listing = call_git(repo, ["cat-file", "--batch-check"], given=given).stdout.decode("ascii")
    answers = [line.split(" ") for line in listing.splitlines()]
    return {answer[0] for answer in answers if answer[1:] == ["missing"]}


def _read_in_session(
    repo: Repo, session: GitSession, oids: Sequence[str]
) -> Iterator[tuple[str, bytes | None]]:
    answered = yield from _read_batch(repo, session, oids)
    if answered == len(oids):
        return
    # git gives up at the first object that is damaged or that a partial clone lacks. The rest is
    # asked for once more, without all that are not here: there may be thousands.
    rest = oids[answered:]
    absent = _find_absent(repo, rest)
    yield from ((oid, None) for oid in rest if oid in absent)
    rest = [oid for oid in rest if oid not in absent]
    while rest:
        answered = yield from _read_batch(repo, session, rest)
        yield from ((oid, None) for oid in rest[answered : answered + 1])
        rest = rest[answered + 1 :]


def _find_absent(repo: Repo, oids: Iterable[str]) -> set[str]:
    """Choose the objects that are not here, neither intact nor damaged."""
    listing = ["--batch-all-objects", "--batch-check=%(objectname)", "--buffer", "--unordered"]
    here = set(run_git(repo, ["cat-file", *listing]).decode("ascii").split())
    # What is named by its path in a tree may be here under its own name.
    return {oid for oid in oids if oid not in here and ":" not in oid}


def _read_batch(
    repo: Repo, session: GitSession, oids: Sequence[str]
) -> Generator[tuple[str, bytes | None], None, int]:
    """Read blobs up to the first at which git gives up; give how many there were."""
    process = session.take_process(lambda: start_git(repo, _BATCH))
    answered = 0
    try:
        for answer in _read_answers(process, oids):
            answered += 1
            yield answer
    finally:
        session.return_process(process, usable=answered == len(oids))
    return answered


def _read_answers(
    process: subprocess.Popen[bytes], oids: Sequence[str]
) -> Iterator[tuple[str, bytes | None]]:
    assert process.stdin is not None
    assert process.stdout is not None
    rest = iter(oids)
    # While no more is under way than a pipe holds, neither program waits for the other to read.
    for lines in split_by_size(map(_format_question, oids), _PIPE_BYTES):
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


def _format_question(oid: str) -> bytes:
    """Make one line of an object's name; git answers that there is no object with an empty name."""
    return b"\n" if "\n" in oid else f"{oid}\n".encode()


def _write_lines(pipe: IO[bytes], lines: Iterable[bytes]) -> None:
    # That the process has ended shows when its answer is read.
    with suppress(OSError):
        pipe.write(b"".join(lines))
        pipe.flush()


def split_by_size(texts: Iterable[bytes], most: int) -> Iterator[list[bytes]]:
    """Split texts into parts of at most so many bytes, with three bytes between the texts."""
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
