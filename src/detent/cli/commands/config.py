"""Show the settings that apply to a file or a directory, and where each of them comes from.

The settings of the nearest directory that has some apply, and only these. The gate, the engine, the
budget and the deadline are those of the root.

Examples
--------
detent config                     # the settings at the root
detent config src/mine.py         # those that apply to a file
detent config src --format json
"""

from __future__ import annotations

import json

from detent import TYPE_CHECKING
from detent.cli.context import Answer, add_format_argument, add_location_arguments, answering
from detent.core.escape import clean_text
from detent.report import data, text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.api import Repository
    from detent.api.explained_settings import PathSettings

_MOST_SHOWN = 60


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_location_arguments(parser, store=False)
    add_format_argument(parser)
    parser.add_argument(
        "path", nargs="?", default=".", metavar="PATH", help="a file or a directory"
    )


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the command."""
    found = repository.explain_settings(namespace.path)
    settings = [setting._asdict() for setting in found.settings]
    members = {**found._asdict(), "settings": settings}
    return Answer(
        0,
        {
            "text": lambda: _render_text(found),
            "json": lambda: data.render_json("config/1", **members),
        },
    )


def _render_text(found: PathSettings) -> list[str]:
    directory = clean_text(found.directory) or "the root of the repository"
    lines = [f"{clean_text(found.path) or 'all files'}: the settings of {directory}"]
    if found.exclusion:
        lines.append(f"not checked: {clean_text(found.exclusion)}")
    rows = [
        (name, _shorten(json.dumps(value, ensure_ascii=False)), source)
        for name, value, source in found.settings
        if value not in (None, [], {}) or source != "default"
    ]
    lines += ["", *text.align_columns(rows)]
    if found.directories:
        lines += ["", "directories with settings of their own:"]
        lines += [f"  {clean_text(directory)}" for directory in found.directories]
    return lines


def _shorten(value: str) -> str:
    return value if len(value) <= _MOST_SHOWN else f"{value[: _MOST_SHOWN - 2]} …"
