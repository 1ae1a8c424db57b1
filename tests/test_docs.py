"""The reference pages are what the code says: `DETENT_UPDATE_DOCS=1 pytest tests/test_docs.py`."""

from __future__ import annotations

import argparse
import inspect
import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import detent
from conftest import SOURCE
from detent.api import Repository
from detent.api import audit as api_audit
from detent.api import explain as api_explain
from detent.api import fix as api_fix
from detent.api import verify as api_verify
from detent.api.explain import explain_rule
from detent.audit.codes import OPTIONAL
from detent.audit.fix import FIXES, STUBS
from detent.audit.rules import RULES
from detent.audit.selection.select import DEFAULT_EXCLUDE, KINDS
from detent.budget.metrics import METRICS
from detent.cli.parser import COMMANDS, EXIT_STATUSES, CommandParser, build_parser
from detent.config import ENGINES, GATES, PRESETS, SEVERITIES, Override
from detent.config.audit import KEYS
from detent.core import model, results
from detent.core.errors import DetentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DOCS = SOURCE / "docs"
MADE = "<!-- Made by tests/test_docs.py from the code: do not edit. -->"


def page(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


# ---- the command line, from the parsers: how argparse itself prints them differs by version


def commands() -> dict[str, argparse.ArgumentParser]:
    (subparsers,) = (
        action
        for action in build_parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    return dict(subparsers.choices)


def shown(action: argparse.Action) -> str:
    """Write an argument as it is typed."""
    choices = "|".join(map(str, action.choices or ()))
    value = str(action.metavar or choices or action.dest)
    if not action.option_strings:
        return f"[{value}]" if action.nargs == "?" else f"[{value} …]" if action.nargs else value
    takes = "" if action.nargs == 0 else f" {value}"
    return ", ".join(f"{option}{takes}" for option in action.option_strings)


def escaped(text: str | None) -> str:
    return (text or "").replace("*", r"\*")


def arguments(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    found = [action for action in parser._actions if action.dest != "help"]
    return sorted(found, key=lambda action: bool(action.option_strings))


def actions_of(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Give the parsers of a command's actions, such as ``detent budget metrics``."""
    found = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    return dict(found[0].choices) if found else {}


def command_lines(name: str, parser: argparse.ArgumentParser) -> Iterator[str]:
    words = [shown(one) for one in arguments(parser) if not one.option_strings]
    options = ["[OPTION …]"] if len(words) < len(arguments(parser)) else []
    yield from ("", f"## detent {name}", "", escaped(parser.description), "")
    yield from ("```", " ".join(["detent", name, *options, *words]), "```", "")
    for action in arguments(parser):
        yield f"- `{shown(action)}`: {escaped(action.help)}"
    if isinstance(parser, CommandParser) and parser.examples:
        yield from ("", "```console", parser.examples, "```")
    for action_name, one in actions_of(parser).items():
        yield from action_lines(f"detent {name} {action_name}", one, around=parser)


def action_lines(
    name: str, parser: argparse.ArgumentParser, *, around: argparse.ArgumentParser
) -> Iterator[str]:
    """Write what an action takes besides the arguments of its command."""
    known = {shown(one) for one in arguments(around)}
    own = [one for one in arguments(parser) if shown(one) not in known]
    words = [shown(one) for one in own if not one.option_strings]
    yield from ("", f"### {name}", "", escaped(parser.description), "")
    yield from ("```", " ".join([name, "[OPTION …]", *words]), "```")
    yield from [""] if own else []
    for action in own:
        yield f"- `{shown(action)}`: {escaped(action.help)}"


def cli_page() -> str:
    statuses = ", ".join(f"{number} {meaning}" for number, meaning in EXIT_STATUSES.items())
    lines = [MADE, "", "# Command line", "", build_parser().description or "", ""]
    lines += [f"Exit status: {statuses}. `--help` is there for every command."]
    for name, parser in commands().items():
        lines += command_lines(name, parser)
    return "\n".join(lines) + "\n"


def fixable(code: str) -> str:
    if code in STUBS:
        return " `--fix --stubs` begins an entry."
    return " Fixable with `--fix`." if code in FIXES else ""


def rules_page() -> str:
    lines = [MADE, "", "# Rules", ""]
    lines += ["`detent audit --explain CODE` shows one of them. Off by default: "]
    lines[-1] += f"{', '.join(sorted(OPTIONAL))}."
    lines += [
        "",
        "Where a rule says how many of its findings are right, they were checked by hand:",
    ]
    lines += [
        "all of those outside tests, or a random sample, in numpy 2.6 and scipy 2.0 (before their"
    ]
    lines += [
        "release), pandas 3.1.1, scikit-learn 1.9.1, matplotlib 3.11.2, networkx 3.7 and xarray"
    ]
    lines += ["2026.9.0."]
    for rule in RULES.values():
        doc = re.sub(r"(?m)^(\w[\w ]*)\n-+$", r"**\1**\n", rule.doc.strip())
        lines += ["", f"## {rule.code}", "", f"*{rule.title}.*{fixable(rule.code)}", ""]
        lines.append(doc.replace("``", "`"))
    return "\n".join(lines) + "\n"


# ---- the Python API, from its docstrings

#: What the methods return, in the order of the page.
RESULTS = (
    results.CheckResult,
    results.FindingDiff,
    model.FindingRow,
    results.LimitResult,
    results.DocstringCounts,
    results.Suppression,
    api_audit.AuditResult,
    api_fix.FixResult,
    api_explain.RulePage,
    api_verify.VerifyResult,
)
SECTION = re.compile(r"(?m)^(\w[\w ]*)\n-+\n")
ENTRY = re.compile(r"(?m)^(\S.*)\n((?:    .*\n?|\n(?=    ))+)")


def described(thing: object) -> str:
    """Write a NumPy docstring as Markdown."""
    summary, *sections = SECTION.split(inspect.getdoc(thing) or "")
    parts = [summary.strip()]
    for title, body in zip(sections[::2], sections[1::2], strict=True):
        if title == "Examples":
            parts.append(f"~~~pycon\n{body.strip()}\n~~~")
            continue
        entries = [
            f"- `{name}`: {' '.join(text.split())}" for name, text in ENTRY.findall(f"{body}\n")
        ]
        parts.append(f"**{title}**\n\n" + "\n".join(entries or [body.strip()]))
    return "\n\n".join(parts).replace("``", "`")


def signature(function: Callable[..., object]) -> str:
    return (
        str(inspect.signature(function))
        .replace("'", "")
        .replace("(self, ", "(")
        .replace("(self)", "()")
    )


def api_page() -> str:
    lines = [MADE, "", "# Python API", "", "Everything that the commands answer, as typed values:"]
    lines += ["nothing is printed, and errors are exceptions of `detent.core.errors`.", ""]
    lines += [f"## detent.open{signature(detent.open)}", "", described(detent.open), ""]
    lines += ["## Repository", "", described(Repository), ""]
    own = [found for kind in reversed(Repository.__mro__) for found in vars(kind).items()]
    for name, member in own:
        if name.startswith("_"):
            continue
        title = name if isinstance(member, property) else f"{name}{signature(member)}"
        lines += [f"### {title}", "", described(member), ""]
    lines += ["### detent.api.explain.explain_rule(code)", "", described(explain_rule), ""]
    for result in RESULTS:
        lines += [f"## {result.__name__}", "", described(result), ""]
        lines += [f"Fields: {', '.join(f'`{field}`' for field in result._fields)}.", ""]
    return "\n".join(lines).rstrip() + "\n"


@pytest.mark.parametrize(
    ("name", "make"), [("cli.md", cli_page), ("rules.md", rules_page), ("api.md", api_page)]
)
def test_a_generated_page_is_up_to_date(name: str, make: Callable[[], str]) -> None:
    if os.environ.get("DETENT_UPDATE_DOCS"):
        (DOCS / name).write_text(make(), "utf-8")
    assert page(name) == make()


def test_every_argument_is_explained() -> None:
    parsers = commands()
    assert list(parsers) == list(COMMANDS)
    inner = [one for parser in parsers.values() for one in actions_of(parser).values()]
    for parser in [*parsers.values(), *inner]:
        assert parser.description
        for action in arguments(parser):
            assert action.help
            assert "%" not in action.help


# ---- the pages that people write name everything that there is

MENTIONS = [
    ("settings.md", [f'`"{gate}"`' for gate in GATES]),
    ("settings.md", [f'| `"{preset}"` |' for preset in PRESETS]),
    ("settings.md", [f'`"{severity}"`' for severity in SEVERITIES]),
    ("settings.md", [f"\n{key} =" for key in KEYS if key != "override"]),
    ("settings.md", [f"\n{key} =" for key in Override._fields]),
    ("settings.md", ["[[tool.detent.override]]"]),
    ("settings.md", [f'`"{engine}"`' for engine in ENGINES]),
    ("settings.md", [f"`{kind}`" for kind in KINDS]),
    (
        "budgets.md",
        [f"| `{one.name}` | {one.unit} | {one.meaning} |" for one in METRICS.values()],
    ),
    ("settings.md", [f"`{glob}`" for glob in DEFAULT_EXCLUDE]),
    ("settings.md", sorted(OPTIONAL)),
    ("errors.md", [f"| {status} |" for status in (0, 1, 2, 3, 4, 130)]),
    ("errors.md", [f"| {code} |" for code in RULES if code[:3] == "DT9"]),
    (
        "json.md",
        [
            f"detent.{name}/1"
            for name in ("check", "audit", "coverage", "sym", "symlist", "verify", "stages")
        ],
    ),
]


@pytest.mark.parametrize(("name", "words"), MENTIONS)
def test_a_page_leaves_nothing_out(name: str, words: list[str]) -> None:
    text = page(name)
    assert [word for word in words if word not in text] == []


def errors() -> Iterator[type[DetentError]]:
    pending: list[type[DetentError]] = [DetentError]
    while pending:
        one = pending.pop()
        pending += one.__subclasses__()
        yield one


def test_every_error_has_its_section() -> None:
    build_parser()
    slugs = {one.slug for one in errors() if one is not DetentError}
    assert slugs
    assert slugs <= set(re.findall(r"(?m)^## (\S+)$", page("errors.md")))


# ---- the pages about the source name what there is

SOURCE_PAGES = [SOURCE / "CONTRIBUTING.md", DOCS / "architecture.md", *DOCS.glob("decisions/*.md")]
#: Files that a decision names because they are gone.
REMOVED = {"store/sqlite/copied.py"}
ROOTS = [SOURCE, SOURCE / "src/detent", SOURCE / "tests"]


@pytest.mark.parametrize("path", SOURCE_PAGES, ids=lambda path: path.name)
def test_files_that_a_page_names_exist(path: Path) -> None:
    text = path.read_text("utf-8")
    named = set(re.findall(r"`((?:\w+/)+\w*(?:\.py)?|\w+\.py)(?:::\w+)?`", text)) - REMOVED
    assert [name for name in named if not any((root / name).exists() for root in ROOTS)] == []
    modules = re.findall(r"`detent((?:\.\w+)+)`", text)
    found = [SOURCE / "src/detent" / name[1:].replace(".", "/") for name in modules]
    assert [name for name in found if not name.exists() and not Path(f"{name}.py").exists()] == []


@pytest.mark.skipif(not (SOURCE / ".git").exists(), reason="a source archive has no history")
def test_commits_that_contributing_names_exist() -> None:
    text = (SOURCE / "CONTRIBUTING.md").read_text("utf-8")
    commits = re.findall(r"\| ([0-9a-f]{7}) \|", text)
    assert len(commits) == 6
    shallow = ["git", "rev-parse", "--is-shallow-repository"]
    if subprocess.check_output(shallow, cwd=SOURCE, text=True).strip() == "true":
        pytest.skip("a shallow clone has no history")
    for commit in commits:
        subprocess.run(["git", "cat-file", "-e", f"{commit}^{{commit}}"], cwd=SOURCE, check=True)


LINK = re.compile(r"\]\(([^)\s:]+?\.\w+)(?:#[\w-]*)?\)")


@pytest.mark.parametrize("path", sorted([*SOURCE.glob("*.md"), *DOCS.rglob("*.md")]), ids=str)
def test_links_lead_somewhere(path: os.PathLike[str]) -> None:
    folder = SOURCE.joinpath(path).parent
    links = LINK.findall(SOURCE.joinpath(path).read_text("utf-8"))
    assert [link for link in links if not (folder / link).exists()] == []
