"""Propose settings that fit the code: what most docstrings break is ignored, or fixed.

It prints a table for the settings with what each choice costs, and changes no file. `--write` adds
the table to pyproject.toml, or without such a file writes detent.toml.

Examples
--------
detent init                       # look at the code, and print settings
detent init --write               # and add them to pyproject.toml
"""

from __future__ import annotations

from detent import TYPE_CHECKING
from detent.api.proposal import describe_cost, format_settings
from detent.cli.context import Answer, add_common_arguments, answering
from detent.report import data, text

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from detent.api import Repository
    from detent.api.proposal import RuleCost, SettingsProposal

_MOST_LISTED = 10


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of the command."""
    add_common_arguments(parser, at="worktree")
    parser.add_argument(
        "--write", action="store_true", help="add the table to pyproject.toml, or write detent.toml"
    )


@answering
def run(repository: Repository, namespace: Namespace) -> Answer:
    """Run the command."""
    found = repository.propose_settings(namespace.at)
    written = repository.write_settings(found) if namespace.write else ""
    renderers = {
        "text": lambda: _render_text(found),
        "json": lambda: _render_json(found, written),
    }
    notes = [f"wrote {written}: `detent config` shows all settings"] if written else []
    if found.source:
        notes.append(f"these rules are broken with the settings that there are: {found.source}")
    return Answer(0, renderers, notes)


def _render_text(found: SettingsProposal) -> list[str]:
    docstrings = text.format_count(found.docstrings, "docstring")
    total = f"{text.format_count(found.findings, 'finding')} in {docstrings}"
    lines = [f"# {text.format_count(found.files, 'file')} audited: {total}."]
    lines += format_settings(found).splitlines()
    lines += [f"#   {cost.code}: {describe_cost(cost)}" for cost in found.kept[:_MOST_LISTED]]
    return lines


def _render_json(found: SettingsProposal, written: str) -> str:
    return data.render_json(
        "init/1",
        files=found.files,
        docstrings=found.docstrings,
        total=found.findings,
        ignored=list(map(_encode_cost, found.ignored)),
        fixed=list(map(_encode_cost, found.fixed)),
        kept=list(map(_encode_cost, found.kept)),
        undocumented={kind: counts._asdict() for kind, counts in found.undocumented.items()},
        source=found.source,
        written=written,
        toml=format_settings(found),
    )


def _encode_cost(cost: RuleCost) -> dict[str, object]:
    return {**cost._asdict(), "fixable": cost.is_fixable}
