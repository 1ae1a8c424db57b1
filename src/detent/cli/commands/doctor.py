"""Find what is wrong with this set-up, and the command that fixes it.

Examples
--------
detent doctor
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.api.doctor import ADVICE, FAULT, GOOD
from detent.cli.context import Answer, add_format_argument, add_location_arguments, answering
from detent.core.escape import clean_text
from detent.report import console, data

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable, Iterator

    from detent.api import Repository
    from detent.api.doctor import Diagnosis

_COLOURS = {GOOD: "green", ADVICE: "yellow", FAULT: "red"}


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_location_arguments(parser)
    add_format_argument(parser)


@answering
def run(repository: Repository, _: Namespace) -> Answer:
    """Run the command."""
    found = repository.diagnose()
    findings = [diagnosis._asdict() for diagnosis in found]
    renderers = {
        "text": lambda: _render_text(found),
        "json": lambda: data.render_json("doctor/1", findings=findings),
    }
    has_fault = any(diagnosis.state == FAULT for diagnosis in found)
    return Answer(1 if has_fault else 0, renderers)


def _render_text(found: Iterable[Diagnosis]) -> Iterator[str]:
    paint = console.make_painter()
    for state, what, remedy in found:
        yield f"{paint(_COLOURS[state], f'{state:<6}')}  {clean_text(what)}"
        if remedy:
            yield f"          {clean_text(remedy)}"
