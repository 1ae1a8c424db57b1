"""Revisions, and what they have in common."""

from __future__ import annotations

import os
import re
from contextlib import suppress

from detent import TYPE_CHECKING
from detent.core.errors import MeasurementError
from detent.git.process import LOG_OPTIONS, call_git, resolve_revision, run_git

if TYPE_CHECKING:
    from detent.git.process import Repo

_RECORD = rb":\d{6} \d{6} ([0-9a-f]{40,}) ([0-9a-f]{40,}) [A-Z]"


def resolve_tree(repo: Repo, revision: str) -> str:
    """Resolve a commit-ish or tree-ish to the object id of its tree."""
    if found := resolve_object(repo, revision, "tree"):
        return found
    if revision == "HEAD" and not resolve_revision(repo, revision):
        return repo.empty_tree
    raise MeasurementError(
        f"no such revision: {revision!r}",
        "see `git log --oneline`; in a shallow clone, `git fetch --unshallow` brings older commits",
    )


def resolve_object(repo: Repo, revision: str, kind: str) -> str:
    """Resolve a revision to a commit or a tree; empty where it names none."""
    if ":" in revision:
        # In `REVISION:PATH` and `:/TEXT` the suffix would become a part of the path or the text.
        revision = resolve_revision(repo, revision)
    return resolve_revision(repo, f"{revision}^{{{kind}}}") if revision else ""


def require_commit(repo: Repo, revision: str) -> str:
    """Resolve a revision to a commit, and raise where it names none."""
    if found := resolve_object(repo, revision, "commit"):
        return found
    raise MeasurementError(
        f"no such commit: {revision!r}",
        "see `git log --oneline`; in a shallow clone, `git fetch --unshallow` brings older commits",
    )


def find_merge_base(repo: Repo, base: str, head: str) -> str:
    """Find the best common ancestor of two revisions; a base that is only a tree is its own."""
    commits = [resolve_object(repo, revision, "commit") for revision in (base, head)]
    if not all(commits):
        return resolve_tree(repo, base)
    if found := find_common_ancestor(repo, *commits):
        return found
    raise MeasurementError(
        f"no common ancestor of {base!r} and {head!r} in this clone",
        "in a shallow clone: `git fetch --unshallow`, or `fetch-depth: 0` in CI",
    )


def find_common_ancestor(repo: Repo, *commits: str) -> str:
    """Find the best commit that the first one has in common with any of the others."""
    done = call_git(repo, ["merge-base", *commits])
    return done.stdout.split()[0].decode() if done.returncode == 0 and done.stdout else ""


def find_remote_base(repo: Repo, commit: str, remote: str) -> str | None:
    """Find where a branch left the commits of a remote; None where the remote has all of it."""
    # A URL, or any other text, must not become a pattern.
    named = [f"refs/remotes/{remote}/"] if remote and not set(remote) & set("*?[\\:") else []
    refs = named and run_git(repo, ["for-each-ref", "--count=1", *named])
    which = f"--remotes={remote}" if refs else "--remotes"
    listing = run_git(repo, ["rev-list", "--boundary", commit, "--not", which])
    oids = listing.decode("ascii").split()
    if not oids:
        return None
    boundary = [oid[1:] for oid in oids if oid.startswith("-")]
    return find_common_ancestor(repo, commit, *boundary) if boundary else ""


def resolve_first_parent(repo: Repo, revision: str) -> str:
    """Resolve the first parent of a commit; empty where this clone has none."""
    commit = resolve_object(repo, revision, "commit")
    return resolve_revision(repo, f"{commit}^") if commit else ""


def list_parents(repo: Repo, revision: str) -> list[str]:
    """List the parents of a commit, and raise where this clone lacks one; a tree has none."""
    commit = resolve_object(repo, revision, "commit")
    if not commit:
        return []
    # The commit itself names its parents. Where a shallow clone ends, other commands hide them.
    header = run_git(repo, ["cat-file", "commit", commit]).partition(b"\n\n")[0]
    lines = header.decode("ascii", "replace").split("\n")
    parents = [line.removeprefix("parent ") for line in lines if line.startswith("parent ")]
    for parent in parents:
        if not resolve_object(repo, parent, "commit"):
            raise MeasurementError(
                f"the parent {parent[:10]} of {revision!r} is not in this clone",
                "in a shallow clone, `git fetch --deepen=1` brings it, and `git fetch --unshallow` "
                "everything; in CI, `fetch-depth: 0`",
            )
    return parents


def list_recent_blobs(repo: Repo, since: str) -> set[str]:
    """List the blobs that commits since a date added or removed, on any branch."""
    flags = [*LOG_OPTIONS, "--raw", "-z", "--format="]
    log = run_git(repo, ["log", "--all", "--reflog", f"--since={since}", *flags, "--"])
    return {oid.decode() for pair in re.findall(_RECORD, log) for oid in pair}


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
