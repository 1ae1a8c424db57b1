"""The settings and attributes of the base of a change, and how those of the change differ."""

from __future__ import annotations

from contextlib import contextmanager

from detent import TYPE_CHECKING, git
from detent.config import SETTINGS_FILES, load_config
from detent.core.errors import UsageError
from detent.core.files import read_small_file
from detent.index.views import SETTINGS_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from detent.config import Config
    from detent.core.results import LoosenedSetting
    from detent.git import Repo
    from detent.index.project import Project
    from detent.index.views import View


@contextmanager
def load_tree_config(repo: Repo, tree: str) -> Iterator[Config]:
    """Load the settings of a tree, whose files exist until the end of the block."""
    from tempfile import TemporaryDirectory

    files = {
        change.path: change.new
        for change in git.list_tree_changes(repo, repo.empty_tree, tree)
        if change.new and change.path.rpartition(b"/")[2] in SETTINGS_NAMES
    }
    with TemporaryDirectory(prefix="detent-settings-") as directory:
        git.write_tree_files(repo, files, directory)
        yield load_config(directory)


def _has_same_files(repo: Repo, tree: str) -> bool:
    """Tell whether the settings at the root of the work tree are those of a tree."""
    places = [f"{tree}:{name}" for name in SETTINGS_FILES]
    stored = [content for _, content in git.read_blobs(repo, places)]
    return stored == [_read_settings(f"{repo.top}/{name}") for name in SETTINGS_FILES]


def _read_settings(path: str) -> bytes | None:
    try:
        return read_small_file(path).replace(b"\r\n", b"\n")
    except OSError:
        return None


def list_loosened(project: Project, view: View, trees: Sequence[str]) -> list[LoosenedSetting]:
    """List the settings that are looser than in every base, and files that are excused now."""
    found = [_compare_with_tree(project, view, tree) for tree in trees]
    return [setting for setting in found[0] if all(setting in other for other in found[1:])]


def _compare_with_tree(project: Project, view: View, tree: str) -> list[LoosenedSetting]:
    repo = project.repo
    # The settings of a bare repository are not read, and a first commit has no base.
    if repo.bare or tree == repo.empty_tree:
        return []
    # Most changes have the settings of their base. A commit is judged by what is in the work tree,
    # but has not changed what others have.
    if not view.changes_settings(tree) and (view.is_revision or _has_same_files(repo, tree)):
        return []
    from detent.api.loosened import compare_settings, report_unreadable

    try:
        with load_tree_config(repo, tree) as before:
            # Where the settings of the base are in use, those of the change are read only here.
            after = load_config(repo.top) if repo.attributes_tree else project.config
            return compare_settings(view, tree, before=before, after=after)
    except UsageError as error:  # of those that are not in use
        return [report_unreadable(error)] if repo.attributes_tree else []
