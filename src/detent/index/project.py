"""What is judged, and by which settings."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.codes import CODES
from detent.audit.selection.presets import DEFAULT_SELECT, STRICT_SELECT
from detent.audit.selection.select import Selection
from detent.config import NUMPYDOC
from detent.config.values import refuse_setting, suggest_spelling
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from detent.budget.rules import BudgetRule
    from detent.config import Config
    from detent.git import Repo
    from detent.index.handle import Index


class Project(NamedTuple):
    """What is judged, and by which settings."""

    repo: Repo  # the repository
    config: Config  # its settings
    selection: Selection  # which findings count by these settings
    door: Index  # its index, opened as far as needed
    rules: tuple[BudgetRule, ...] = ()  # its limits, those of single metrics


def make_project(repo: Repo, settings: Config, index: Index) -> Project:
    """Put together what is judged."""
    limits = _load_rules(settings) if settings.limits else ()
    return Project(repo, settings, make_selection(settings), index, limits)


def _load_rules(settings: Config) -> tuple[BudgetRule, ...]:
    from detent.budget.rules import resolve_rules

    return resolve_rules(settings.limits, CODES)


def make_selection(settings: Config) -> Selection:
    """Make the selection of findings."""
    for place, named in settings.codes:
        for code in named:
            if code != "ALL" and not (code and any(one.startswith(code) for one in CODES)):
                hint = suggest_spelling(code.upper(), CODES) or "docs/rules.md lists them"
                refuse_setting(place, f": {code!r} is no code", hint, word=code)
    if settings.engine == NUMPYDOC:
        from detent.audit.numpydoc import require_numpydoc

        require_numpydoc()
    # What numpydoc's preset means has been spelt out in the settings.
    base = STRICT_SELECT if settings.preset == "strict" else DEFAULT_SELECT
    return Selection(**settings.audit, base=base)
