"""numpydoc's settings: which codes there are, and what is passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from numpydoc.validate import ERROR_MSGS

from detent.config import load_config
from detent.config.numpydoc import CODES

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Cli, Sandbox

HEAD = "[tool.numpydoc_validation]\n"
PLACE = "[tool.numpydoc_validation]"


def test_all_of_numpydocs_codes() -> None:
    assert set(ERROR_MSGS) == CODES


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("checks = ['all', 'PR1O']", f"2 {PLACE} checks: numpydoc has no such check 'PR1O'"),
        ("checks = [\n'PR01',\n'dt101']", f"4 {PLACE} checks: numpydoc has no such check 'dt101'"),
        ("exclud = ['x']", f"2 {PLACE} exclud: numpydoc has no such setting and ignores it"),
        ("override_SS55 = ['x']", f"2 {PLACE} override_SS55: numpydoc has no such check 'SS55'"),
    ],
)
def test_what_has_no_meaning_is_noted(tmp_path: Path, text: str, note: str) -> None:
    (tmp_path / "pyproject.toml").write_text(HEAD + text)
    (found,) = load_config(str(tmp_path)).notes
    assert found.startswith(f"pyproject.toml:{note}")
    assert " and ignores it" in found


@pytest.mark.parametrize("text", ["checks = ['all', 'ex01']\nexclude = 'x'\noverride_ss05 = 'x'"])
def test_what_has_a_meaning_is_not(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(HEAD + text)
    assert load_config(str(tmp_path)).notes == ()


def test_a_codes_nearest_neighbour_is_named(tmp_path: Path) -> None:
    (tmp_path / "setup.cfg").write_text("[tool:numpydoc_validation]\nchecks =\n  all,\n  PR011\n")
    (found,) = load_config(str(tmp_path)).notes
    assert found == (
        "setup.cfg:4 [tool:numpydoc_validation] checks: numpydoc has no such check 'PR011' "
        "and ignores it: did you mean 'PR01'?"
    )


def test_a_note_is_printed_once_and_stops_nothing(repo: Sandbox, cli: Cli) -> None:
    text = f"{HEAD}checks = ['GL08', 'PR011']\n"
    repo.commit(**{"pyproject.toml": text, **{f"{n}.py": "def f(a): return a\n" for n in "abc"}})
    for command in ("audit", "check"):
        answer = cli(command)
        assert answer.err.count("ignores it") == 1
        assert "GL08" in answer.out
    assert cli("check").status == 0
    assert "ignores it" in cli("doctor").out
    repo.write("a.py", "def f(a, b): return a\n")
    repo.git("add", "-A")
    assert cli("hook", "pre-commit").err == ""


def test_detents_own_rules_are_off(repo: Sandbox, cli: Cli) -> None:
    comment = "# detent: ignore[PR01]"
    repo.commit(**{"pyproject.toml": f"{HEAD}checks = ['all']\n", "a.py": f"x = 1  {comment}\n"})
    assert "DT8" not in cli("audit").out
    repo.write("pyproject.toml", f"{HEAD}checks = ['all']\n[tool.detent]\nselect = ['DT8']\n")
    assert cli("audit").out.startswith("a.py:1:8: DT801 Unused ignore: no PR01 here")
    repo.write("bad.py", "def f(:\n")
    repo.git("add", "-A")
    assert "DT902" in cli("audit").out


def test_a_file_that_is_not_read_is_noted(tmp_path: Path) -> None:
    (tmp_path / "detent.toml").write_text("gate = 'all'")
    (tmp_path / "pyproject.toml").write_text("[tool.detent]\ngate = 'none'")
    (note,) = load_config(str(tmp_path)).notes
    assert note == "pyproject.toml [tool.detent] is ignored, because there is a detent.toml"
