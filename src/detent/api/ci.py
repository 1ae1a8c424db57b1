"""What a run in CI compares: a commit, and the base that the service names."""

from __future__ import annotations

import json
from pathlib import Path

from detent import TYPE_CHECKING, git
from detent.core.namedtuple import NamedTuple
from detent.git import ci_base, push_range

if TYPE_CHECKING:
    from detent.git import Repo


class CiComparison(NamedTuple):
    """What a run in CI compares.

    Attributes
    ----------
    at : str
        The revision to check.
    base : str
        The revision to compare it with.
    source : str
        What named the base, for a person: an option, or a variable of the service.
    """

    at: str
    base: str
    source: str


def choose_ci_comparison(repo: Repo, at: str, base: str | None) -> CiComparison:
    """Choose what to compare: a base that was given, that of a framework, or of the CI service."""
    if base is not None:
        found = CiComparison(at, base, "--base")
    elif named := push_range.read_framework_range(repo):
        found = CiComparison(named.head, named.base, named.source)
    else:
        candidate = ci_base.choose_base(repo, repo.env, _read_event(repo))
        return CiComparison(at, candidate.revision, candidate.source)
    git.resolve_tree(repo, found.base)
    return found


def _read_event(repo: Repo) -> object:
    """Read GitHub's description of the run; empty if it cannot be read."""
    try:
        return json.loads(Path(repo.env["GITHUB_EVENT_PATH"]).read_bytes())
    except (KeyError, OSError, ValueError, RecursionError):
        return {}
