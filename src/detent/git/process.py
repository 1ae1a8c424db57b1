"""The git program: where the repository is, and one call of git."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager

from detent import TYPE_CHECKING
from detent.core.errors import GitError
from detent.core.namedtuple import NamedTuple
from detent.git.session import GitSession

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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
OPTIONS = (
    "--no-pager",
    *("-c", "core.fsmonitor=false"),
    *("-c", "diff.relative=false"),
    *("-c", "core.quotePath=false"),
    *("-c", "core.safecrlf=false"),
    *("-c", "log.diffMerges=separate"),
)
#: What `git log` needs besides: it follows more settings than the commands for programs.
LOG_OPTIONS = (
    "--no-show-signature",
    "--no-ext-diff",
    "--no-textconv",
    "--no-mailmap",
    "--no-decorate",
    "--no-notes",
    "--no-renames",
    "--no-abbrev",
    "--root",
    "--no-color",
    "-O/dev/null",
)
_PLACES = (
    "--is-bare-repository",
    "--show-object-format",
    "--absolute-git-dir",
    "--git-common-dir",
    "--show-toplevel",
)
_HEAD_TREE = "HEAD^{tree}"
#: Longer than any question takes, on a slow network drive too.
_MOST_SECONDS = 600.0
#: They contradict `GIT_LITERAL_PATHSPECS`, or change where git's answers come from and go.
_DROPPED_VARIABLES = (
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
    "GIT_ATTR_SOURCE",
    "GIT_REDIRECT_STDIN",
    "GIT_REDIRECT_STDOUT",
    "GIT_REDIRECT_STDERR",
    "GIT_NAMESPACE",
)
_FIXED_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
#: Commands whose answers a session remembers: several parts of one run ask the same.
_REMEMBERED = ("rev-parse", "diff-index")
#: The variables that tie git to one repository, of ``git rev-parse --local-env-vars``.
LOCAL_VARIABLES = (
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
    """Where a repository is, and how git is called in it."""

    top: str  # root of the work tree; the git directory where there is none
    git_dir: str  # the git directory of this work tree, and the one that all work trees share
    common_dir: str
    object_format: str  # ``sha1`` or ``sha256``
    bare: bool  # whether there is no work tree
    env: dict[str, str]  # the environment for git
    session: GitSession | None = None  # without one, git is asked again each time
    attributes_tree: str = ""  # whose attributes count; empty for those of each view

    @property
    def worktree(self) -> str:
        """Name of this work tree inside the common directory; empty for the main one."""
        inside = os.path.relpath(self.git_dir, self.common_dir).replace(os.sep, "/")
        return "" if inside == "." else inside

    @property
    def empty_tree(self) -> str:
        """Object id of the tree without entries."""
        return EMPTY_TREES[self.object_format]

    def with_variables(self, **variables: str) -> Repo:
        """Set variables for git, which may then answer otherwise than the session remembers."""
        return self._replace(env={**self.env, **variables}, session=None)


@contextmanager
def open_repo(start: str, environ: Mapping[str, str], *, explicit: bool = False) -> Iterator[Repo]:
    """Find the repository around a directory; its session ends with the block."""
    found, head = _discover_repo(start, environ, explicit=explicit)
    with open_session(found) as repo:
        if head is not None and repo.session:
            repo.session.remember(_build_resolve_command(_HEAD_TREE), lambda: head)
        yield repo


@contextmanager
def open_session(repo: Repo) -> Iterator[Repo]:
    """Give a repository a session of its own, which ends with the block."""
    session = GitSession()
    try:
        yield repo._replace(session=session)
    finally:
        session.close()


def discover_repo(start: str, environ: Mapping[str, str], *, explicit: bool = False) -> Repo:
    """Find the repository around a directory; nothing is remembered of what git answers."""
    return _discover_repo(start, environ, explicit=explicit)[0]


def _discover_repo(
    start: str, environ: Mapping[str, str], *, explicit: bool
) -> tuple[Repo, subprocess.CompletedProcess[bytes] | None]:
    """Find the repository; give also what git says of the tree of HEAD, where there is one."""
    dropped = (*_DROPPED_VARIABLES, *(LOCAL_VARIABLES if explicit else ()))
    env = {name: value for name, value in environ.items() if name not in dropped}
    env |= _FIXED_ENVIRONMENT
    if not os.path.isdir(start):
        raise GitError(f"no such directory: {start}", "name a directory inside a git repository")
    done, lines = _ask_for_places(start, env)
    if done.returncode and lines[0] == "true":
        # A bare repository has no top, which was the last question.
        git_dir, common_dir = lines[2], os.path.realpath(os.path.join(start, lines[3]))
        env["GIT_DIR"] = git_dir
        return Repo(git_dir, git_dir, common_dir, lines[1], bare=True, env=env), None
    # Before the first commit there is no HEAD, but git has named all places by then.
    if len(lines) <= len(_PLACES):
        require_success(done, start)
    _, object_format, git_dir, common_dir, top, tree, *_ = lines
    common_dir = os.path.realpath(os.path.join(start, common_dir))
    top = os.path.abspath(top)
    # A hook in a linked work tree has GIT_DIR without GIT_WORK_TREE. A relative path counts from
    # the caller's directory, and all further calls are made from the top.
    env = {**env, "GIT_DIR": git_dir, "GIT_WORK_TREE": top}
    head = None
    if len(lines) == len(_PLACES) + 2 and not done.returncode:
        head = subprocess.CompletedProcess(done.args, 0, f"{tree}\n".encode(), b"")
    return Repo(top, git_dir, common_dir, object_format, bare=False, env=env), head


def _ask_for_places(
    start: str, env: Mapping[str, str]
) -> tuple[subprocess.CompletedProcess[bytes], list[str]]:
    """Ask git where everything is, and for the tree of HEAD; an empty line ends the answer."""
    done = call_git_in(start, env, ["rev-parse", *_PLACES, _HEAD_TREE])
    lines = os.fsdecode(done.stdout).split("\n")
    # In a bare repository git stops before it names the top.
    expected = len(_PLACES) + (2 if lines[0] == "false" or not done.returncode else 0)
    if len(lines) <= expected:
        return done, lines
    # Some path has a newline in it.
    answers = [call_git_in(start, env, ["rev-parse", name]) for name in _PLACES]
    places = [os.fsdecode(answer.stdout).removesuffix("\n") for answer in answers]
    return answers[-1], [*places, *([""] if answers[-1].returncode == 0 else [])]


def resolve_revision(repo: Repo, revision: str) -> str:
    """Resolve a revision to an object id; empty where there is none."""
    done = call_git(repo, _build_resolve_command(revision))
    return "" if done.returncode else done.stdout.decode().strip()


def _build_resolve_command(revision: str) -> tuple[str, ...]:
    return "rev-parse", "--verify", "--quiet", "--end-of-options", revision


def run_git(repo: Repo, arguments: Sequence[str]) -> bytes:
    """Call git at the top of the work tree, and raise where it fails."""
    return require_success(call_git(repo, arguments), repo.top)


def call_git(
    repo: Repo, arguments: Sequence[str], *, given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Call git at the top of the work tree, whatever it answers."""

    def work() -> subprocess.CompletedProcess[bytes]:
        return call_git_in(repo.top, repo.env, arguments, given=given)

    if repo.session and arguments[0] in _REMEMBERED:
        return repo.session.remember(tuple(arguments), work)
    return work()


def call_git_in(
    directory: str, env: Mapping[str, str], arguments: Sequence[str], *, given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Call git in a directory with an environment, whatever it answers."""
    with _report_missing_git():
        return subprocess.run(
            [_locate_git(env), *OPTIONS, *arguments],
            cwd=directory,
            env=env,
            input=given,
            capture_output=True,
            check=False,
            timeout=_MOST_SECONDS,
        )


def start_git(repo: Repo, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a git that answers one question after the other."""
    with _report_missing_git():
        return subprocess.Popen(
            [_locate_git(repo.env), *OPTIONS, *arguments],
            cwd=repo.top,
            env=repo.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=1 << 20,
        )


def _locate_git(env: Mapping[str, str]) -> str:
    return find_program("git.exe", env.get("PATH", "")) if os.name == "nt" else "git"


def find_program(name: str, path: str) -> str:
    """Find a program in the directories of a PATH.

    Windows would look in the current directory first, which may be a hostile repository.
    """
    folders = [folder for folder in path.split(os.pathsep) if os.path.isabs(folder)]
    places = [os.path.join(folder, name) for folder in folders]
    return next(filter(os.path.isfile, places), os.path.join(os.devnull, name))


@contextmanager
def _report_missing_git() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise GitError("the program git is not on PATH", "install git, or fix PATH") from error
    except subprocess.TimeoutExpired as error:
        raise GitError(
            f"git has not answered for {_MOST_SECONDS:g} s: {' '.join(error.cmd[-3:])}",
            "`git fsck` checks whether the repository is intact",
        ) from error


def require_success(done: subprocess.CompletedProcess[bytes], place: str) -> bytes:
    """Give the output of git, or raise what its complaint means to a user."""
    if done.returncode == 0:
        return done.stdout
    complaint = done.stderr.decode("utf-8", "replace").strip()
    if "dubious ownership" in complaint:
        # git names the directory that it means, quoted for a shell.
        _, command, name = complaint.rpartition("git config --global --add safe.directory ")
        raise GitError(
            f"{name if command else place} belongs to another user, so git refuses to read it",
            f"if you trust it: {command}{name}" if command else complaint,
        )
    if "not a git repository" in complaint or "must be run in a work tree" in complaint:
        raise GitError(f"no git repository at {place}", "`git init`, or name one with -C DIR")
    last = complaint.splitlines()[-1] if complaint else f"exit status {done.returncode}"
    raise GitError(
        f"git failed in {place}: {last}", "`git fsck` checks whether the repository is intact"
    )
