"""The tables for those who come from other tools, held against detent and, if there, the tools."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from conftest import SOURCE
from detent.audit.rules import RULES
from detent.cli.parser import COMMANDS, build_parser
from detent.config import KINDS
from detent.config.audit import KEYS
from migrating import CASES

if TYPE_CHECKING:
    from conftest import Cli, Sandbox


def rows(page: str, heading: str) -> list[list[str]]:
    """Read the cells of the first table under a heading."""
    text = (SOURCE / "docs" / page).read_text("utf-8").partition(f"\n## {heading}\n")[2]
    lines = [line for line in text.partition("\n## ")[0].splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[1:]]


# ---- pydoclint

CODES = {
    code: set(re.findall(r"\b[A-Z]{2}\d+\b", row[1]))
    for row in rows("from-pydoclint.md", "Codes")
    for code in re.findall(r"DOC\d+", row[0])
}


def test_the_settings_to_begin_with_do_not_contradict_themselves(repo: Sandbox, cli: Cli) -> None:
    page = (SOURCE / "docs/from-pydoclint.md").read_text("utf-8")
    (toml,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    repo.write("detent.toml", toml)
    section = "\n\n{0}Parameters\n{0}----------\n{0}a : int\n{0}    It.\n{0}"
    found = []
    for of_class, of_init in [(section.format("    "), ""), ("", section.format("        "))]:
        init = f'        """Do.{of_init}"""\n' if of_init else "        self.a = a\n"
        head = f'"""Do."""\n\n\nclass A:\n    """Hold it.{of_class}"""\n\n'
        repo.commit(**{"a.py": f"{head}    def __init__(self, a):\n{init}"})
        found.append("DT70" in cli("audit").out)
    assert found == [False, True]


def test_files_that_detent_checks_by_default(repo: Sandbox, cli: Cli) -> None:
    for page in ("from-pydoclint.md", "from-interrogate.md"):
        text = (SOURCE / "docs" / page).read_text("utf-8")
        assert '`exclude = ["*.pyi"]`' in text
    repo.commit(**{"a.pyi": 'def f():\n    """do it."""\n'})
    assert "SS02" in cli("audit").out
    repo.write("detent.toml", 'exclude = ["*.pyi"]\n')
    assert "SS02" not in cli("audit").out


def test_the_page_says_what_becomes_of_the_hooks_own_exclude() -> None:
    page = (SOURCE / "docs/from-numpydoc.md").read_text("utf-8")
    hook = page.partition("\n## The hook\n")[2].partition("\n## ")[0]
    assert "`exclude`" in hook
    assert "`detent-check` ignores" in hook


def test_every_code_has_its_row() -> None:
    assert {case.code for case in CASES} == set(CODES)
    assert len(CODES) == 39


@pytest.mark.parametrize("case", CASES, ids=[case.code for case in CASES])
def test_detent_finds_what_the_row_says(repo: Sandbox, cli: Cli, case: tuple[str, str]) -> None:
    code, source = case[:2]
    repo.commit(**{"a.py": source})
    answer = cli("audit", "--select", "ALL", "--format", "json")
    found = {one["code"] for one in json.loads(answer.out)["findings"]}
    expected = CODES[code]
    if code == "DOC601":  # a class without any Attributes section
        assert found.isdisjoint(expected)
    else:
        assert expected <= found


@pytest.mark.parametrize("case", CASES, ids=[case.code for case in CASES])
def test_pydoclint_finds_it_too(repo: Sandbox, case: tuple[str, str, tuple[str, ...]]) -> None:
    program = shutil.which("pydoclint") or pytest.skip("pydoclint is not installed")
    code, source, options = case
    path = repo.write("a.py", source)
    command = [program, "-q", "--style=numpy", "--skip-checking-short-docstrings=False", *options]
    done = subprocess.run([*command, str(path)], capture_output=True, text=True, check=False)
    assert code in done.stdout + done.stderr


# ---- interrogate

SAMPLE = '''\
import typing


def function(): return 1


def _semi(): return 1


def __private(): return 1


def outer():
    """Doc."""

    def inner(): return 1

    return inner


@typing.overload
def over(a: int) -> int: ...


class Bare:
    """Doc."""

    def __init__(self): self.x = 1

    def __repr__(self): return ""

    def method(self): return 1

    @property
    def prop(self): return 1

    @prop.setter
    def prop(self, value): self.x = value
'''
EVERY = tuple(sorted(set(KINDS) - {"override"}))
INIT = '[[override]]\npaths = ["**/__init__.py"]\nkinds = ["module"]\nignore = ["GL08"]\n'
NAMED = '[[override]]\nsymbols = ["*.method"]\nignore = ["GL08"]\n'
#: Switches of interrogate, kinds that are not in `missing`, more settings, and what both count.
Row = tuple[list[str], set[str], str, tuple[int, int]]
COUNTS: list[Row] = [
    ([], set(), "", (14, 11)),
    (["--ignore-magic"], {"dunder"}, "", (13, 10)),
    (["--ignore-module"], {"module"}, "", (12, 9)),
    (["--ignore-nested-functions"], {"nested"}, "", (13, 10)),
    (["--ignore-overloaded-functions"], {"overload"}, "", (13, 10)),
    (["--ignore-private", "--ignore-semiprivate"], {"private"}, "", (12, 9)),
    (["--ignore-setters"], {"setter"}, "", (13, 10)),
    (
        ["--ignore-property-decorators"],
        {"setter"},
        'doc-decorators = ["property"]\n',
        (12, 9),
    ),
    (["--ignore-init-module"], set(), INIT, (13, 10)),
    (["--ignore-regex", "^method$"], set(), NAMED, (13, 10)),
    (["--exclude", "pkg/__init__.py"], set(), 'exclude = ["pkg/__init__.py"]\n', (13, 10)),
]


@pytest.mark.parametrize("row", COUNTS, ids=[" ".join(one[0]) for one in COUNTS])
def test_detent_counts_what_the_row_says(repo: Sandbox, cli: Cli, row: Row) -> None:
    switches, without, more, expected = row
    missing = json.dumps([one for one in EVERY if one not in without])
    exclude = "" if "exclude" in more else "exclude = []\n"
    settings = f"missing = {missing}\n{exclude}{more}"
    repo.commit(**{"pkg/mod.py": SAMPLE, "pkg/__init__.py": "X = 1\n", "detent.toml": settings})
    value = json.loads(cli("coverage", "--format", "json").out)
    assert (value["needed"], value["missing"]) == expected
    named = {one for row in rows("from-interrogate.md", "Settings") for one in _words(row[0])}
    assert {one.lstrip("-") for one in switches if one.startswith("--")} <= named


@pytest.mark.parametrize("row", COUNTS, ids=[" ".join(one[0]) for one in COUNTS])
def test_interrogate_counts_the_same(repo: Sandbox, row: Row) -> None:
    switches, _, _, expected = row
    program = shutil.which("interrogate") or pytest.skip("interrogate is not installed")
    repo.commit(**{"pkg/mod.py": SAMPLE, "pkg/__init__.py": "X = 1\n"})
    options = ["--style=google", "--fail-under=0", "--no-color", "-v", *switches]
    done = subprocess.run(
        [program, *options, "pkg"], cwd=repo.path, capture_output=True, text=True, check=True
    )
    total = re.search(r"TOTAL\W+(\d+)\W+(\d+)", done.stdout)
    assert total is not None
    assert (int(total[1]), int(total[2])) == expected


# ---- whatever a table names, there is

OUR_OTHERS = {"gate", "engine", "deadline", "paths", "symbols", "kinds", "min", "google"}
TABLES = ["from-pydoclint.md", "from-interrogate.md", "from-numpydoc.md"]


def _words(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@pytest.mark.parametrize("page", TABLES)
def test_every_name_on_our_side_exists(page: str) -> None:
    cells = [row[1] for row in rows(page, "Settings")]
    assert cells
    text = (SOURCE / "docs" / page).read_text("utf-8")
    codes = set(re.findall(r"\b(?:PR|RT|YD|GL|SS|ES|SA|EX|DT)\d{2,3}\b", text))
    assert codes <= set(RULES)
    options = {one for name in COMMANDS for one in _options(name)}
    for word in [one for cell in cells for one in _words(cell)]:
        key = word.partition(" ")[0]
        if word.startswith("detent "):
            assert word.split()[1] in COMMANDS
            assert {one for one in word.split() if one.startswith("--")} <= options
        elif word.startswith("--"):
            assert key in options
        elif word.startswith('"'):
            assert word.strip('"') in KINDS
        elif re.fullmatch(r"[a-z-]+", key):
            assert key in {*KEYS, *OUR_OTHERS}


def _options(name: str) -> list[str]:
    (subparsers,) = (one for one in build_parser(name)._actions if one.dest == "command")
    choices = subparsers.choices
    assert isinstance(choices, dict)
    return [option for one in choices[name]._actions for option in one.option_strings]


@pytest.mark.parametrize(
    ("program", "page", "removed"),
    [
        (
            "pydoclint",
            "from-pydoclint.md",
            {"type-hints-in-signature", "type-hints-in-docstring", "ignore-underscore-args"}
            | {"require-return-section-when-returning-none"}
            | {"should-document-private-class-attributes"},
        ),
        ("interrogate", "from-interrogate.md", {"no-color"}),
    ],
)
def test_no_setting_of_theirs_is_left_out(program: str, page: str, removed: set[str]) -> None:
    found = shutil.which(program) or pytest.skip(f"{program} is not installed")
    said = subprocess.run([found, "--help"], capture_output=True, text=True, check=True).stdout
    theirs = set(re.findall(r"^ +(?:-\w+, )?--([\w-]+)", said, re.MULTILINE))
    assert len(theirs) > 20
    named = {one for row in rows(page, "Settings") for one in _words(row[0])}
    assert theirs - removed - {"help", "version"} == named
