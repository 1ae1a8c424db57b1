"""The git program: where the repository is, and one call of git."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager

from detent import TYPE_CHECKING
from detent.core.errors import GitError
from detent.core.namedtuple import NamedTuple
from detent.git.session import cached, end_process, leave_process, take_process, track_process

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
_FIXED_ENVIRONMENT = {
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
_LOCAL_VARIABLES = (
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
    """Where a repository is."""

    top: str  # root of the work tree; the git directory where there is none
    git_dir: str  # the git directory of this work tree, and the one that all work trees share
    common_dir: str
    object_format: str  # ``sha1`` or ``sha256``
    bare: bool  # whether there is no work tree
    env: dict[str, str]  # the environment for git

    @property
    def worktree(self) -> str:
        """Name of this work tree inside the common directory; empty for the main one."""
        inside = os.path.relpath(self.git_dir, self.common_dir).replace(os.sep, "/")
        return "" if inside == "." else inside

    @property
    def empty_tree(self) -> str:
        """Object id of the tree without entries."""
        return EMPTY_TREES[self.object_format]


def discover_repo(start: str, environ: Mapping[str, str], *, explicit: bool = False) -> Repo:
    """Find the repository around a directory."""
    env = _build_environment(environ, explicit=explicit)
    if not os.path.isdir(start):
        raise GitError(f"no such directory: {start}", "name a directory inside a git repository")
    done = call_git(env, start, _DISCOVERY)
    said = os.fsdecode(done.stdout).split("\n")
    if done.returncode and said[0] == "true":
        # A bare repository has no top, and that was asked for last.
        git_dir, common = said[2], os.path.realpath(os.path.join(start, said[3]))
        env["GIT_DIR"] = git_dir
        return Repo(git_dir, git_dir, common, said[1], bare=True, env=env)
    # Before the first commit there is no HEAD, but all places have been told by then.
    if len(said) <= len(_PLACES):
        require_success(done, start)
    _, object_format, git_dir, common, top, tree, *_ = said
    common = os.path.realpath(os.path.join(start, common))
    top = os.path.abspath(top)
    # A hook in a linked work tree has the one without the other; a relative one means the caller's
    # directory, and every further call is made from the top.
    env = {**env, "GIT_DIR": git_dir, "GIT_WORK_TREE": top}
    if len(said) == len(_PLACES) + 2 and not done.returncode:
        said_of_head = subprocess.CompletedProcess([], 0, f"{tree}\n".encode())
        cached(_make_cache_key(build_resolve_command(_HEAD), top, env), lambda: said_of_head)
    return Repo(top, git_dir, common, object_format, bare=False, env=env)


def expect_repo(start: str, environ: Mapping[str, str], *, explicit: bool = False) -> None:
    """Let git start with what `discover_repo` will ask."""
    if os.path.isdir(start):
        _start_expected(_build_environment(environ, explicit=explicit), start, _DISCOVERY)


def _build_environment(environ: Mapping[str, str], *, explicit: bool) -> dict[str, str]:
    dropped = _LOCAL_VARIABLES if explicit else ()
    return {
        name: value for name, value in environ.items() if name not in dropped
    } | _FIXED_ENVIRONMENT


def build_resolve_command(revision: str) -> list[str]:
    """Give the arguments with which git resolves a revision."""
    return ["rev-parse", "--verify", "--quiet", "--end-of-options", revision]


def run_git(repo: Repo, arguments: Sequence[str]) -> bytes:
    """Call git at the top of the work tree."""
    return require_success(call_git(repo.env, repo.top, arguments), repo.top)


def call_git(
    env: Mapping[str, str], cwd: str, arguments: Sequence[str], *, given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Call git, whatever it answers."""
    if arguments[0] in _ASKED_OFTEN:
        key = _make_cache_key(arguments, cwd, env)
        return cached(key, lambda: _call_process(env, cwd, arguments, given=given))
    return _call_process(env, cwd, arguments, given=given)


def _make_cache_key(arguments: Sequence[str], cwd: str, env: Mapping[str, str]) -> tuple[str, ...]:
    return (*arguments, cwd, env.get("GIT_INDEX_FILE", ""))


def _call_process(
    env: Mapping[str, str], cwd: str, arguments: Sequence[str], *, given: bytes
) -> subprocess.CompletedProcess[bytes]:
    place = make_process_key(env, cwd, arguments)
    process = take_process(place) or _start_process(env, cwd, arguments)
    try:
        said, complaint = process.communicate(given)
    finally:
        end_process(process)
    return subprocess.CompletedProcess(process.args, process.returncode, said, complaint)


def expect_call(repo: Repo, arguments: Sequence[str]) -> None:
    """Let git begin to answer what it will be asked in this block of `standing`."""
    _start_expected(repo.env, repo.top, arguments)


def _start_expected(env: Mapping[str, str], cwd: str, arguments: Sequence[str]) -> None:
    process = _start_process(env, cwd, arguments)
    leave_process(make_process_key(env, cwd, arguments), process)


def start_git(repo: Repo, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a git that answers one question after the other."""
    quiet = subprocess.DEVNULL
    return _start_process(repo.env, repo.top, arguments, stderr=quiet, bufsize=1 << 20)


def _start_process(
    env: Mapping[str, str],
    cwd: str,
    arguments: Sequence[str],
    *,
    stderr: int = subprocess.PIPE,
    bufsize: int = -1,
) -> subprocess.Popen[bytes]:
    with _report_missing_git():
        return track_process(
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


def make_process_key(env: Mapping[str, str], cwd: str, arguments: Sequence[str]) -> Hashable:
    """Tell one process of git from those that may answer otherwise."""
    return (*arguments, cwd, *sorted(env.items()))


@contextmanager
def _report_missing_git() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise GitError("the program git is not on PATH", "install git, or mend PATH") from error


def require_success(done: subprocess.CompletedProcess[bytes], place: str) -> bytes:
    """Give what git said, or raise what its complaint means to a user."""
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
