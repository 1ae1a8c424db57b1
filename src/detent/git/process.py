"""The git program: where the repository is, and one call of git."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager

from detent import TYPE_CHECKING
from detent.core.errors import GitError
from detent.core.namedtuple import NamedTuple
from detent.git.session import begun, end, leave, once, take

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

#: The tree without entries, by object format: the base of a first commit and of a first index.
EMPTY_TREES = {
    "sha1": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    "sha256": "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
#: The file without content: what git lists in the index for ``git add -N``.
EMPTY_BLOBS = {
    "sha1": "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "sha256": "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
}
#: Settings that every call needs, whatever a user has set.
OPTIONS = ("-c", "core.fsmonitor=false", "-c", "diff.relative=false", "-c", "core.quotePath=false")
_PLACES = (
    "--is-bare-repository",
    "--show-object-format",
    "--absolute-git-dir",
    "--git-common-dir",
    "--show-toplevel",
)
_HEAD = "HEAD^{tree}"
_DISCOVERY = ("rev-parse", *_PLACES, _HEAD)
_FIXED = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
#: What `standing` remembers: questions that are asked by several parts of one run.
_ASKED_OFTEN = ("rev-parse", "diff-index")
#: What ties git to one repository, of ``git rev-parse --local-env-vars``.
_LOCAL = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_PREFIX",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_SHALLOW_FILE",
    "GIT_GRAFT_FILE",
)


class Repo(NamedTuple):
    """Where a repository is.

    Attributes
    ----------
    top : str
        Root of the work tree; the git directory where there is none.
    git_dir, common_dir : str
        The git directory of this work tree, and the one that all work trees share; absolute.
    object_format : str
        ``sha1`` or ``sha256``.
    bare : bool
        Whether there is no work tree.
    env : dict of str
        The environment for git.
    """

    top: str
    git_dir: str
    common_dir: str
    object_format: str
    bare: bool
    env: dict[str, str]

    @property
    def worktree(self) -> str:
        """Name of this work tree inside the common directory; empty for the main one."""
        inside = os.path.relpath(self.git_dir, self.common_dir).replace(os.sep, "/")
        return "" if inside == "." else inside

    @property
    def empty_tree(self) -> str:
        """Object id of the tree without entries."""
        return EMPTY_TREES[self.object_format]


def discover(start: str, environ: Mapping[str, str], *, explicit: bool = False) -> Repo:
    """Find the repository around a directory.

    Parameters
    ----------
    start : str
        Where to begin.
    environ : mapping of str to str
        The environment of the process; ``GIT_INDEX_FILE`` and the like are honoured.
    explicit : bool, default False
        Whether a person named `start`: variables that point at another repository are then
        dropped.

    Returns
    -------
    Repo
        Its places and the environment for further calls.

    Raises
    ------
    GitError
        If there is no git, or no repository here, or git refuses it.
    """
    env = _environment(environ, explicit=explicit)
    if not os.path.isdir(start):
        raise GitError(f"no such directory: {start}", "name a directory inside a git repository")
    done = call(env, start, _DISCOVERY)
    said = os.fsdecode(done.stdout).split("\n")
    if done.returncode and said[0] == "true":
        # A bare repository has no top, and that was asked for last.
        git_dir, common = said[2], os.path.realpath(os.path.join(start, said[3]))
        env["GIT_DIR"] = git_dir
        return Repo(git_dir, git_dir, common, said[1], bare=True, env=env)
    # Before the first commit there is no HEAD, but all places have been told by then.
    if len(said) <= len(_PLACES):
        checked(done, start)
    _, object_format, git_dir, common, top, tree, *_ = said
    common = os.path.realpath(os.path.join(start, common))
    top = os.path.abspath(top)
    # A hook in a linked work tree has the one without the other; a relative one means the caller's
    # directory, and every further call is made from the top.
    env = {**env, "GIT_DIR": git_dir, "GIT_WORK_TREE": top}
    if len(said) == len(_PLACES) + 2 and not done.returncode:
        said_of_head = subprocess.CompletedProcess([], 0, f"{tree}\n".encode())
        once(_key(resolving(_HEAD), top, env), lambda: said_of_head)
    return Repo(top, git_dir, common, object_format, bare=False, env=env)


def expect_repo(start: str, environ: Mapping[str, str], *, explicit: bool = False) -> None:
    """Let git begin to look for what `discover` will be asked for in this block of `standing`.

    Parameters
    ----------
    start, environ, explicit : str, mapping of str to str, bool
        As for `discover`.
    """
    if os.path.isdir(start):
        _expect(_environment(environ, explicit=explicit), start, _DISCOVERY)


def _environment(environ: Mapping[str, str], *, explicit: bool) -> dict[str, str]:
    dropped = _LOCAL if explicit else ()
    return {name: value for name, value in environ.items() if name not in dropped} | _FIXED


def resolving(revision: str) -> list[str]:
    """Give the arguments with which git resolves a revision.

    Parameters
    ----------
    revision : str
        In any form that git knows; never taken for an option.

    Returns
    -------
    list of str
        Where there is no such revision git then fails, and says nothing.
    """
    return ["rev-parse", "--verify", "--quiet", "--end-of-options", revision]


def run(repo: Repo, arguments: Sequence[str]) -> bytes:
    """Call git at the top of the work tree.

    Parameters
    ----------
    repo : Repo
        The repository.
    arguments : sequence of str
        The subcommand and what follows it.

    Returns
    -------
    bytes
        What git wrote to standard output.

    Raises
    ------
    GitError
        If git is missing or fails.
    """
    return checked(call(repo.env, repo.top, arguments), repo.top)


def call(
    env: Mapping[str, str], cwd: str, arguments: Sequence[str], *, given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Call git, whatever it answers.

    Parameters
    ----------
    env : mapping of str to str
        The whole environment of the process.
    cwd : str
        Where git works.
    arguments : sequence of str
        The subcommand and what follows it; `OPTIONS` go before.
    given : bytes, default b""
        What git reads from standard input.

    Returns
    -------
    subprocess.CompletedProcess of bytes
        Exit status and both outputs.

    Raises
    ------
    GitError
        If git is not installed.
    """
    if arguments[0] in _ASKED_OFTEN:
        key = _key(arguments, cwd, env)
        return once(key, lambda: _called(env, cwd, arguments, given=given))
    return _called(env, cwd, arguments, given=given)


def _key(arguments: Sequence[str], cwd: str, env: Mapping[str, str]) -> tuple[str, ...]:
    return (*arguments, cwd, env.get("GIT_INDEX_FILE", ""))


def _called(
    env: Mapping[str, str], cwd: str, arguments: Sequence[str], *, given: bytes
) -> subprocess.CompletedProcess[bytes]:
    place = whereabouts(env, cwd, arguments)
    process = take(place) or _started(env, cwd, arguments)
    try:
        said, complaint = process.communicate(given)
    finally:
        end(process)
    return subprocess.CompletedProcess(process.args, process.returncode, said, complaint)


def expect(repo: Repo, arguments: Sequence[str]) -> None:
    """Let git begin to answer what it will be asked in this block of `standing`.

    Parameters
    ----------
    repo : Repo
        The repository.
    arguments : sequence of str
        As `run` will be given them. The answer is that of now, as if it had been asked now.

    Raises
    ------
    GitError
        If git is not installed.
    """
    _expect(repo.env, repo.top, arguments)


def _expect(env: Mapping[str, str], cwd: str, arguments: Sequence[str]) -> None:
    process = _started(env, cwd, arguments)
    leave(whereabouts(env, cwd, arguments), process)


def start(repo: Repo, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a git that answers one question after the other.

    Parameters
    ----------
    repo : Repo
        The repository.
    arguments : sequence of str
        The subcommand and what follows it.

    Returns
    -------
    subprocess.Popen of bytes
        With a pipe to ask by and one for the answers; its complaints go nowhere.

    Raises
    ------
    GitError
        If git is not installed.
    """
    quiet = subprocess.DEVNULL
    return _started(repo.env, repo.top, arguments, stderr=quiet, bufsize=1 << 20)


def _started(
    env: Mapping[str, str],
    cwd: str,
    arguments: Sequence[str],
    *,
    stderr: int = subprocess.PIPE,
    bufsize: int = -1,
) -> subprocess.Popen[bytes]:
    with _installed():
        return begun(
            subprocess.Popen(
                ["git", *OPTIONS, *arguments],
                cwd=cwd,
                env=env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                bufsize=bufsize,
            )
        )


def whereabouts(env: Mapping[str, str], cwd: str, arguments: Sequence[str]) -> Hashable:
    """Tell one process of git from those that may answer otherwise.

    Parameters
    ----------
    env : mapping of str to str
        Its whole environment.
    cwd : str
        Where it works.
    arguments : sequence of str
        The subcommand and what follows it.

    Returns
    -------
    hashable
        For `take` and `leave`.
    """
    return (*arguments, cwd, *sorted(env.items()))


@contextmanager
def _installed() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise GitError("the program git is not on PATH", "install git, or mend PATH") from error


def checked(done: subprocess.CompletedProcess[bytes], place: str) -> bytes:
    """Give what git said, or raise what its complaint means to a user.

    Parameters
    ----------
    done : subprocess.CompletedProcess of bytes
        A call that has ended.
    place : str
        The directory or file that it was about, for the message.

    Returns
    -------
    bytes
        Its standard output.

    Raises
    ------
    GitError
        If its exit status is not 0.
    """
    if done.returncode == 0:
        return done.stdout
    said = done.stderr.decode("utf-8", "replace").strip()
    if "dubious ownership" in said:
        # git names the directory that it means, quoted for a shell.
        _, command, name = said.rpartition("git config --global --add safe.directory ")
        raise GitError(
            f"{name if command else place} belongs to another user, so git refuses to read it",
            f"if you trust it: {command}{name}" if command else said,
        )
    if "not a git repository" in said or "must be run in a work tree" in said:
        raise GitError(f"no git repository at {place}", "`git init`, or name one with -C DIR")
    last = said.splitlines()[-1] if said else f"exit status {done.returncode}"
    raise GitError(
        f"git failed in {place}: {last}", "`git fsck` tells whether the repository is whole"
    )
