"""Check the limits of the settings."""

from __future__ import annotations

from detent import TYPE_CHECKING, config
from detent.api.check import judged
from detent.budget import EXCEEDED, NOT_MEASURED
from detent.cli.context import open_index, say
from detent.core.escape import clean
from detent.index.project import subject_of
from detent.index.refresh import refresh
from detent.report import console, data, measures

if TYPE_CHECKING:
    from argparse import Namespace

    from detent.api.check import Outcome
    from detent.budget.limits import Judgement
    from detent.index.project import Subject


def run(namespace: Namespace) -> int:
    """Run the action.

    Parameters
    ----------
    namespace : Namespace
        What the parser made of the arguments.

    Returns
    -------
    int
        The exit status: 1 where a limit is exceeded, else 3 where one is not measured, else 0.
    """
    repo, index = open_index(namespace)
    subject = subject_of(repo, config.load(repo.top), index)
    outcome = subject.door.healed(lambda: _judged(subject, namespace))
    say([*outcome.idle, *subject.door.notes])
    if namespace.format == "json":
        values = [data.judgement_value(one) for one in outcome.judgements]
        console.write(data.document("budget/1", budget=values, loosened=outcome.loosened))
    else:
        for one in outcome.judgements:
            console.write(_line(one))
        for line in measures.policy_lines(outcome.loosened, console.painter()):
            console.write(line)
        if not outcome.judgements:
            console.write("no limits are set: see [[tool.detent.budget.limit]] in docs/settings.md")
    subject.door.close()
    statuses = {one.status for one in outcome.judgements}
    if EXCEEDED in statuses:
        return 1
    return 3 if NOT_MEASURED in statuses else 0


def _judged(subject: Subject, namespace: Namespace) -> Outcome:
    refresh(subject.repo, subject.door, namespace.at, progress=console.progress("indexing"))
    return judged(subject, namespace.at, namespace.base, mode="none", whole=True)


def _line(one: Judgement) -> str:
    return f"{one.status:<14} {measures.limit_name(one)}: {clean(one.reason)}"
