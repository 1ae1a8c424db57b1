"""What is judged, and by which settings."""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.audit.codes import CODES
from detent.audit.selection.presets import DEFAULT_SELECT, STRICT_SELECT
from detent.audit.selection.select import Selection
from detent.config import NUMPYDOC
from detent.config.values import meant, refuse
from detent.core.namedtuple import NamedTuple

if TYPE_CHECKING:
    from detent.budget.rules import Rule
    from detent.config import Config
    from detent.git import Repo
    from detent.index.handle import Index


class Subject(NamedTuple):
    """What is judged, and by which settings.

    Attributes
    ----------
    repo : Repo
        The repository.
    config : Config
        Its settings.
    selection : Selection
        Which findings count by these settings.
    door : Index
        Its index, opened as far as needed.
    rules : tuple of Rule
        Its limits, those of single metrics.
    """

    repo: Repo
    config: Config
    selection: Selection
    door: Index
    rules: tuple[Rule, ...] = ()


def subject_of(repo: Repo, settings: Config, index: Index) -> Subject:
    """Put together what is judged.

    Parameters
    ----------
    repo : Repo
        The repository.
    settings : Config
        Its settings.
    index : Index
        Its index.

    Returns
    -------
    Subject
        With the selection that the settings make.
    """
    limits = _rules(settings) if settings.limits else ()
    return Subject(repo, settings, selection_of(settings), index, limits)


def _rules(settings: Config) -> tuple[Rule, ...]:
    from detent.budget.rules import rules

    return rules(settings.limits, CODES)


def selection_of(settings: Config) -> Selection:
    """Make the selection of findings.

    Parameters
    ----------
    settings : Config
        The settings of a repository.

    Returns
    -------
    Selection
        Says which findings count.

    Raises
    ------
    UsageError
        If the settings name a code that there is not, which would silently choose nothing, or an
        engine that is not installed.
    """
    for place, named in settings.codes:
        for code in named:
            if code != "ALL" and not (code and any(one.startswith(code) for one in CODES)):
                hint = meant(code.upper(), CODES) or "docs/rules.md lists them"
                refuse(place, f": {code!r} is no code", hint, word=code)
    if settings.engine == NUMPYDOC:
        from detent.audit.numpydoc import require

        require()
    # What numpydoc's preset means has been spelt out in the settings.
    base = STRICT_SELECT if settings.preset == "strict" else DEFAULT_SELECT
    return Selection(**settings.audit, base=base)
