"""What is judged, and by which settings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from detent.audit import RULES
from detent.audit.select import Selection, fits
from detent.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        If the settings name a code that there is not, which would silently choose nothing, or a
        glob that means nothing.
    """
    for name in ("select", "ignore"):
        for code in settings.audit.get(name, ()):
            if code not in ("ALL", "DT") and not any(rule.startswith(code) for rule in RULES):
                raise _no_rule(code, settings.places[name])
    _check_globs(settings.audit.get("exclude", ()), settings.places.get("exclude", ""))
    for number, limit in enumerate(settings.limits, 1):
        _check_globs(limit.paths, f"the paths of budget limit {number}")
    return Subject(repo, settings, Selection(**settings.audit), index)


def _no_rule(code: str, place: str) -> UsageError:
    from difflib import get_close_matches

    near = get_close_matches(code, RULES, 1)
    hint = f"did you mean {near[0]}?" if near else "docs/rules.md lists them"
    return UsageError(f"{place}: {code!r} is no rule", hint)


def _check_globs(globs: Iterable[str], place: str) -> None:
    for glob in globs:
        try:
            fits((glob,), "")
        except re.error as error:
            raise UsageError(
                f"{place}: {glob!r} is no glob: {error}", "a set of characters looks like [a-z]"
            ) from error
