"""A repository with its settings and its index: what every question is asked of."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.codes import CODES, DEFAULT_SELECT, STRICT_SELECT
from detent.audit.selection.select import DirectorySelections, Selection
from detent.config import NUMPYDOC, is_directory_settings, load_directory_config
from detent.config.values import refuse_setting, suggest_spelling

if TYPE_CHECKING:
    from collections.abc import Iterable

    from detent.config import Config
    from detent.git import FileChange, Repo
    from detent.index.handle import Index


class Project:
    """A repository, its settings and its index."""

    def __init__(self, repo: Repo, config: Config, index: Index) -> None:
        self.repo = repo
        self.config = config
        self.index = index
        self.notes = list(config.notes)  # about settings, those of directories too
        self.selection = make_directory_selections(config, self.notes)

    def load_changed_settings(self, changes: Iterable[FileChange]) -> None:
        """Load the settings of directories that a change touches, to find mistakes in them."""
        for change in changes:
            if is_directory_settings(change.path):
                self.selection.find_nearest(change.path.decode("utf-8", "replace"))


def make_directory_selections(config: Config, notes: list[str] | None = None) -> Selection:
    """Make the selection of findings for a repository: each directory may have settings."""
    root = make_selection(config)

    def load_directory(inside: str) -> Selection | None:
        found = load_directory_config(config, inside)
        if found is None:
            return None
        if notes is not None:
            notes.extend(found.notes)
        return make_selection(found)

    root.directories = DirectorySelections(root, load_directory)
    return root


def make_selection(config: Config) -> Selection:
    """Make the selection of findings that the settings describe."""
    for place, named in config.codes:
        for code in named:
            if code != "ALL" and not (code and any(known.startswith(code) for known in CODES)):
                hint = suggest_spelling(code.upper(), CODES) or "docs/rules.md lists them"
                refuse_setting(place, f": unknown rule code {code!r}", hint, word=code)
    if config.engine == NUMPYDOC:
        from detent.audit.numpydoc import require_numpydoc

        require_numpydoc()
    # What numpydoc's preset means has been spelt out in the settings.
    base = STRICT_SELECT if config.preset == "strict" else DEFAULT_SELECT
    return Selection(**config.audit, base=base, judges_as_numpydoc=config.preset == NUMPYDOC)
