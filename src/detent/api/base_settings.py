"""The settings and attributes of the base of a change, and how those of the change differ."""

from __future__ import annotations

from contextlib import contextmanager

from detent import TYPE_CHECKING, git
from detent.config import SETTINGS_FILES, load_config
from detent.core.errors import UsageError
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


def list_loosened(project: Project, view: View, trees: Sequence[str]) -> list[LoosenedSetting]:
    """List the settings that are looser than in every base, and files that are excused now."""
    found = [_compare_with_tree(project, view, tree) for tree in trees]
    return [setting for setting in found[0] if all(setting in other for other in found[1:])]


def _compare_with_tree(project: Project, view: View, tree: str) -> list[LoosenedSetting]:
    repo = project.repo
    # The settings of a bare repository are not read. Most changes have those of the base.
    if repo.bare or not (
        view.changes_settings(tree) or not git.has_same_files(repo, tree, SETTINGS_FILES)
    ):
        return []
    from detent.api.loosened import compare_settings, report_unreadable

    try:
        base = load_tree_config(repo, tree)
        with base as before:
            # With the settings of the base in use, those of the change are read here only.
            try:
                after = load_config(repo.top) if repo.attributes_tree else project.config
            except UsageError as error:
                return [report_unreadable(error)]
            return compare_settings(view, tree, before=before, after=after)
    except UsageError:  # the base has no settings to compare with
        return []
