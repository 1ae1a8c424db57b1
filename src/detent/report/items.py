"""A verdict as a list of items, each with a place: what every format of a CI service is made of."""

from __future__ import annotations

import hashlib
import json
from collections import Counter

from detent import TYPE_CHECKING
from detent.budget import EXCEEDED
from detent.core.escape import clean
from detent.core.namedtuple import NamedTuple
from detent.report.measures import limit_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from detent.api.check import Outcome
    from detent.api.suppressions import Ignored
    from detent.audit.matching import Located
    from detent.core.model import Finding

    Key = tuple[bytes, Finding]

NEW, UNCHANGED, ABSENT = "new", "unchanged", "absent"
ERROR, WARNING = "error", "warning"

#: What stands in place of a rule's code.
BUDGET, UNREAD = "budget", "not-analysed"


class Item(NamedTuple):
    """One thing that a service can show beside a line.

    Attributes
    ----------
    path : bytes
        The file.
    line, column : int
        Counted from 1.
    code : str
        A rule, `BUDGET` or `UNREAD`.
    message : str
        One line, safe to print.
    symbol : str
        Dotted name; empty for a whole file.
    level : str
        `ERROR` where it stands against the change, else `WARNING`.
    state : str
        `NEW`, `UNCHANGED` or `ABSENT`, seen from the base.
    fingerprint : str
        Names it in every run, wherever its line has gone; 32 hexadecimal digits, unique in a list.
    reason : str or None, default None
        Why a comment in the code ignores it, as it says there; None where none does.
    """

    path: bytes
    line: int
    column: int
    code: str
    message: str
    symbol: str
    level: str
    state: str
    fingerprint: str
    reason: str | None = None


def items(
    outcome: Outcome,
    settings: str,
    *,
    everything: bool = False,
    ignored: Iterable[Ignored] = (),
) -> list[Item]:
    """List what a verdict says.

    Parameters
    ----------
    outcome : Outcome
        The verdict.
    settings : str
        File of the settings: the place of a limit.
    everything : bool, default False
        Whether to list what was there before and what is mended too.
    ignored : iterable of Ignored
        What comments in the code ignore, if that is to be listed as well.

    Returns
    -------
    list of Item
        What stands against the change first; by path and place.
    """
    blocking = {_key(one) for one in outcome.blocking}
    new = {_key(one) for one in outcome.verdict.new}
    listed = [
        _finding(
            one,
            one.severity if key in blocking else WARNING,
            NEW if key in new else UNCHANGED,
        )
        for key, one in _shown(outcome, everything=everything).items()
    ]
    if everything:
        listed += [_finding(one, WARNING, ABSENT) for one in outcome.verdict.fixed]
    listed += [
        _finding(one, WARNING, NEW if is_new else UNCHANGED)._replace(reason=clean(reason))
        for one, reason, is_new in ignored
    ]
    listed += [*_limits(outcome, settings), *_unread(outcome)]
    listed.sort(key=lambda one: (one.level != ERROR, one.path, one.line, one.column, one.code))
    return list(_numbered(listed))


def _shown(outcome: Outcome, *, everything: bool) -> dict[Key, Located]:
    """Collect the findings of the head, each once."""
    shown: dict[Key, Located] = {_key(one): one for one in outcome.blocking}
    shown.update((_key(one), one) for one in outcome.verdict.new)
    if everything:
        before = outcome.whole.findings if outcome.whole else outcome.verdict.remaining
        shown.update((_key(one), one) for one in before)
    return shown


def _key(one: Located) -> Key:
    return one.path, one.finding


def _finding(one: Located, level: str, state: str) -> Item:
    found = one.finding
    names = (found.code, one.symbol.qualname, found.subject, found.message)
    return Item(
        one.path,
        found.line,
        found.column,
        found.code,
        clean(found.message),
        clean(one.symbol.qualname),
        level,
        state,
        json.dumps(names),
    )


def _limits(outcome: Outcome, settings: str) -> Iterator[Item]:
    for one in outcome.judgements:
        if one.status == EXCEEDED:
            text = f"{limit_name(one)}: {clean(one.reason)}"
            names = json.dumps((one.limit.metric, one.limit.paths, one.group))
            yield Item(settings.encode(), 1, 1, BUDGET, text, "", ERROR, NEW, names)
    for line in outcome.loosened:
        text = f"loosened: {clean(line)}"
        yield Item(settings.encode(), 1, 1, BUDGET, text, "", WARNING, NEW, json.dumps(line))


def _unread(outcome: Outcome) -> Iterator[Item]:
    for path, why in sorted(outcome.failures.items()):
        yield Item(path, 1, 1, UNREAD, f"not analysed: {clean(why)}", "", ERROR, NEW, "")


def _numbered(listed: Iterable[Item]) -> Iterator[Item]:
    """Tell apart what says the same of the same, in the order of the places."""
    seen: Counter[tuple[bytes, str, str]] = Counter()
    for one in listed:
        key = (one.path, one.code, one.fingerprint)
        text = json.dumps([one.path.decode("latin-1"), one.code, one.fingerprint, seen[key]])
        seen[key] += 1
        digest = hashlib.sha256(text.encode()).hexdigest()[:32]
        yield one._replace(fingerprint=digest)
