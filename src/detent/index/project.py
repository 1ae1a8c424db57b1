"""A repository with its settings and its index: what every question is asked of."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.codes import CODES, DEFAULT_SELECT, STRICT_SELECT
from detent.audit.selection.select import Selection
from detent.config import NUMPYDOC
from detent.config.values import refuse_setting, suggest_spelling

if TYPE_CHECKING:
    from detent.config import Config
    from detent.git import Repo
    from detent.index.handle import Index


class Project:
    """A repository, its settings and its index."""

    def __init__(self, repo: Repo, config: Config, index: Index) -> None:
        self.repo = repo
        self.config = config
        self.index = index
        self.selection = make_selection(config)


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
