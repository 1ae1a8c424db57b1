"""What is judged, and by which settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from detent.audit import RULES
from detent.audit.select import Selection, selection_of
from detent.config.values import meant, refuse

if TYPE_CHECKING:
    from detent.config import Config
    from detent.git import Repo
    from detent.index import Index


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
    """

    repo: Repo
    config: Config
    selection: Selection
    door: Index


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

    Raises
    ------
    UsageError
        If the settings name a code that there is not, which would silently choose nothing.
    """
    for place, codes in settings.codes:
        for code in codes:
            if code != "ALL" and not (code and any(r.startswith(code) for r in RULES)):
                hint = meant(code.upper(), RULES) or "docs/rules.md lists them"
                refuse(place, f": {code!r} is no code", hint, word=code)
    return Subject(repo, settings, selection_of(settings), index)
