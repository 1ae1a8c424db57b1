"""Check that the index is intact and matches git.

Examples
--------
detent verify                     # the database, the view, and 200 files analysed again
detent verify --full --at HEAD    # all files
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.api.verify import SAMPLE_SIZE
from detent.cli.context import Answer, add_common_arguments, answering
from detent.core.escape import clean_text
from detent.report import data, text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.api import Repository
    from detent.api.verify import VerifyResult

_SHOWN = 10


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at="staged")
    parser.add_argument(
        "--full",
        action="store_true",
        help=f"analyse all files again, not only {SAMPLE_SIZE} of them",
    )


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the command."""
    found = repository.verify(namespace.at, full=namespace.full)
    renderers = {
        "text": lambda: _render_text(found),
        "json": lambda: data.render_json("verify/1", faults=found.problems, files=found.files),
    }
    return Answer(3 if found.problems else 0, renderers)


def _render_text(found: VerifyResult) -> list[str]:
    if not found.problems:
        files = text.format_count(found.files, "file")
        return [f"index OK: {files} analysed again, no difference"]
    lines = [clean_text(problem) for problem in found.problems[:_SHOWN]]
    if len(found.problems) > _SHOWN:
        lines.append(f"and {len(found.problems) - _SHOWN:,} more")
    return [*lines, "the index is corrupt: rebuild it with `detent index --full`"]
