"""Settings that say which findings count, and what a mistake in them says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from detent.config import KINDS, PRESETS, SEVERITIES, AuditOptions, Config, Override, load_config
from detent.core.errors import UsageError
from detent.index.project import make_selection

if TYPE_CHECKING:
    from pathlib import Path

OWN = "[tool.detent]\n"
TABLE = "[tool.detent]"
OVERRIDE = "[[tool.detent.override]]\n"


def given(top: Path, text: str, options: AuditOptions | None = None) -> Config:
    (top / "pyproject.toml").write_text(text, "utf-8")
    return load_config(str(top), options)


def test_overrides_and_severities(tmp_path: Path) -> None:
    text = f"""{OWN}
        per-file-ignores = {{"scripts/**" = ["GL08", "SS"], "a.py" = "PR01"}}
        severity = {{DT5 = "warning", ALL = "error"}}
        {OVERRIDE}
        paths = ["src/**"]
        kinds = ["private", "init"]
        symbols = ["*.Model.*"]
        select = ["EX01"]
        ignore = ["GL08"]
        {OVERRIDE}
        symbols = "pkg.old.*"
        ignore = "ALL"
    """
    found = given(tmp_path, text)
    assert found.audit["overrides"] == (
        Override(paths=("scripts/**",), ignore=("GL08", "SS")),
        Override(paths=("a.py",), ignore=("PR01",)),
        Override(("src/**",), ("private", "init"), ("*.Model.*",), ("EX01",), ("GL08",)),
        Override(symbols=("pkg.old.*",), ignore=("ALL",)),
    )
    assert found.audit["severities"] == {"DT5": "warning", "ALL": "error"}
    mentioned = [code for _, codes in found.codes for code in codes]
    assert mentioned == ["GL08", "SS", "PR01", "EX01", "GL08", "ALL", "DT5", "ALL"]


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset(tmp_path: Path, preset: str) -> None:
    found = given(tmp_path, f"{OWN}preset = '{preset}'\n")
    assert found.preset == preset
    assert make_selection(found).numpydoc is (preset == "numpydoc")
    assert load_config(str(tmp_path), AuditOptions("default")).preset == "default"


NUMPYDOC = "[tool.numpydoc_validation]\nchecks = ['PR01', 'ES01']\n"


def test_a_preset_beside_numpydocs_table(tmp_path: Path) -> None:
    selection = make_selection(given(tmp_path, f"{NUMPYDOC}{OWN}preset = 'numpydoc'\n"))
    assert [selection.is_selected(code) for code in ("PR01", "ES01", "PR02")] == [True, True, False]
    selection = make_selection(given(tmp_path, f"{NUMPYDOC}{OWN}preset = 'default'\n"))
    assert [selection.is_selected(code) for code in ("PR01", "ES01", "PR02")] == [True, False, True]
    assert not selection.numpydoc
    assert given(tmp_path, NUMPYDOC).preset == "numpydoc"


def selected(config: Config, *codes: str) -> str:
    selection = make_selection(config)
    return " ".join(code for code in codes if selection.is_selected(code))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (AuditOptions(), "PR01 PR03 DT902"),
        (AuditOptions(select=("SS", "PR02")), "PR02 SS05 DT902"),
        (AuditOptions(select=("PR",), ignore=("PR02",)), "PR01 PR03 DT902"),
        (AuditOptions(ignore=("PR03",)), "PR01 DT902"),
        (AuditOptions(ignore=("ALL",)), "PR01 PR03"),
        (AuditOptions("default"), "PR01 PR02 PR03 SS05 DT902"),
        (AuditOptions("strict"), "PR01 PR02 PR03 RT02 SS05 DT902"),
        (AuditOptions("strict", select=()), "DT902"),
        (AuditOptions("numpydoc", ignore=("DT", "PR")), "RT02 SS05 ES01"),
        (AuditOptions(select=(), ignore=("DT902",)), ""),
    ],
)
def test_the_command_line_goes_before_the_files(
    tmp_path: Path, options: AuditOptions, expected: str
) -> None:
    text = f"{OWN}select = ['PR']\nignore = ['PR02']\n"
    found = given(tmp_path, text, options)
    codes = ("PR01", "PR02", "PR03", "RT02", "SS05", "ES01", "DT902")
    assert selected(found, *codes) == expected


def test_a_preset_of_the_command_line_drops_what_says_otherwise(tmp_path: Path) -> None:
    text = f"{OWN}missing = ['class']\nexclude = ['x']\n"
    assert set(given(tmp_path, text, AuditOptions("strict")).audit) == {"exclude"}


MISTAKES = [
    (f"{OWN}preset = 'strct'", ":2 [tool.detent] preset: unknown value 'strct'", "'strict'"),
    (f"{OWN}preset = 3", ":2 [tool.detent] preset: unknown value 3", "default, numpydoc, strict"),
    (
        f"{OWN}per-file-ignore = {{}}",
        ":2 [tool.detent]: unknown key 'per-file-ignore'",
        "per-file-ignores",
    ),
    (f"{OWN}per-file-ignores = ['x']", ":2 [tool.detent] per-file-ignores must be", "table"),
    (f"{OWN}per-file-ignores = {{'x/*' = 3}}", ' per-file-ignores "x/*" must be a list', "PR01"),
    (
        f"{OWN}per-file-ignores = {{'[z-a]' = []}}",
        "per-file-ignores \"[z-a]\": invalid glob '[z-a]'",
        "glob",
    ),
    (f"{OWN}per-file-ignores = {{'/' = []}}", "per-file-ignores \"/\": '/' matches no file", "**"),
    (f"{OWN}override = 3", ":2 [tool.detent] override must be", "[[tool.detent.override]]"),
    (f"{OWN}\n{OVERRIDE}", ":3 [tool.detent] override 1 has neither", "ignore"),
    (f"{OVERRIDE}ignore = ['PR01']", ":1 [tool.detent] override 1 applies to everything", "paths"),
    (f"{OVERRIDE}ignore = []\npaths = ['x']", ":2 [tool.detent] override 1 ignore is", "remove"),
    (f"{OVERRIDE}ignore = ['PR01']\npaths = []", ":3 [tool.detent] override 1 paths is", "remove"),
    (f"{OVERRIDE}ignore = ['PR01']\nkind = ['x']", "override 1: unknown key 'kind'", "'kinds'"),
    (
        f"{OVERRIDE}ignore = ['PR01']\nkinds = ['class',\n'metod']",
        ":4 [tool.detent] override 1 kinds: unknown value 'metod'",
        "'method'",
    ),
    (
        f"{OVERRIDE}ignore = ['PR01']\nkinds = 'override'",
        "kinds: unknown value 'override'",
        "'overload'",
    ),
    (f"{OVERRIDE}ignore = ['PR01']\nsymbols = 3", "override 1 symbols must be", "list"),
    (
        f"{OVERRIDE}ignore = ['PR01']\ndecorators = ['@click.command']",
        ":3 [tool.detent] override 1 decorators: invalid decorator name '@click.command'",
        "without @",
    ),
    (f"{OVERRIDE}parameters = ['a b']\nkinds = 'class'", "invalid parameter name 'a b'", "draw"),
    (f"{OVERRIDE}parameters = ['a']", ":1 [tool.detent] override 1 applies to everything", "paths"),
    (f"{OWN}severity = 'error'", ":2 [tool.detent] severity must be a table", ""),
    (f"{OWN}severity = {{PR01 = 'eror'}}", "severity.PR01: unknown value 'eror'", "'error'"),
    (
        "[tool.detent.severity]\nPR01 = true",
        ":2 [tool.detent] severity.PR01: unknown value True",
        "warning",
    ),
]


@pytest.mark.parametrize(("text", "place", "hint"), MISTAKES)
def test_a_mistake_says_where_it_is(tmp_path: Path, text: str, place: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        given(tmp_path, text)
    assert place in caught.value.message
    assert re.match(r"pyproject\.toml:\d+ \[tool\.detent\]", caught.value.message)
    assert hint in f"{caught.value.message} {caught.value.hint}"


def test_the_choices_are_those_of_the_documentation() -> None:
    assert SEVERITIES == ("error", "warning")
    assert len(set(KINDS)) == len(KINDS)
