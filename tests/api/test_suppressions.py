"""What comments ignore, as a report of CI shows it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from conftest import published_schema

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Cli, Sandbox

CLEAN = '"""Do things."""\n'
OURS = "\n\ndef {}(a):  # detent: ignore[GL08, PR01] {}\n    return a\n"
THEIRS = "\n\ndef {}(a):  # numpydoc ignore=GL08\n    return a\n"
BARE = "\n\ndef {}(a):\n    return a\n"


@pytest.fixture(autouse=True)
def _no_service(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_ACTIONS", "GITHUB_EVENT_PATH", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)


def results(cli: Cli, tmp_path: Path, *arguments: str) -> list[dict[str, Any]]:
    report = tmp_path / "x.sarif"
    assert cli("ci", f"--report=sarif={report}", *arguments).status in (0, 1)
    document = json.loads(report.read_text("utf-8"))
    schema = published_schema("/sarif-2.1.0.json")
    jsonschema.validators.validator_for(schema)(schema).validate(document)
    found: list[dict[str, Any]] = document["runs"][0]["results"]
    return found


def shown(found: list[dict[str, Any]]) -> list[tuple[str, str, str, list[dict[str, str]]]]:
    return sorted(
        (
            one["ruleId"],
            one["locations"][0]["logicalLocations"][0]["fullyQualifiedName"],
            one["baselineState"],
            one["suppressions"],
        )
        for one in found
        if one["ruleId"] != "DT801"
    )


def test_reasons_and_states(repo: Sandbox, cli: Cli, tmp_path: Path) -> None:
    old = OURS.format("old", "it is simple")
    before = CLEAN + old + BARE.format("bare") + THEIRS.format("np")
    repo.commit(**{"a.py": before, "b.py": CLEAN + OURS.format("other", "")})
    now_ignored = OURS.format("bare", "now ignored")
    added = OURS.format("added", "\x1b[31m </script> ]]> é")
    repo.commit(**{"a.py": CLEAN + old + now_ignored + THEIRS.format("np") + added})
    assert shown(results(cli, tmp_path, "--base", "HEAD^")) == [
        ("GL08", "added", "new", [
            {"kind": "inSource", "justification": "\\x1b[31m </script> ]]> é"}
        ]),
        ("GL08", "bare", "absent", []),  # it is no finding any more
        ("GL08", "bare", "unchanged", [{"kind": "inSource", "justification": "now ignored"}]),
        ("GL08", "np", "unchanged", [{"kind": "inSource"}]),
        ("GL08", "old", "unchanged", [{"kind": "inSource", "justification": "it is simple"}]),
        ("GL08", "other", "unchanged", [{"kind": "inSource"}]),
    ]  # fmt: skip


def test_what_does_not_count_anyway_is_not_called_ignored(
    repo: Sandbox, cli: Cli, tmp_path: Path
) -> None:
    inherited = (
        '\n\nclass A:\n    """Do it."""\n\n    def f(self):\n        """Do it."""\n\n\n'
        'class B(A):\n    """Do it."""\n\n    def f(self):  # detent: ignore[GL08] x\n'
        "        return 1\n"
    )
    repo.commit(
        **{
            "a.py": CLEAN + inherited,
            "made.py": CLEAN + OURS.format("made", "x"),
            "test_a.py": CLEAN + OURS.format("test_a", "x"),
            ".gitattributes": "made.py linguist-generated\n",
        }
    )
    assert shown(results(cli, tmp_path, "--base", "HEAD")) == []


def test_github_gets_none_of_them(
    repo: Sandbox, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit(**{"a.py": CLEAN + OURS.format("f", "x") + BARE.format("g")})
    assert len(results(cli, tmp_path, "--base", "HEAD")) == 3  # with an unused PR01
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    found = results(cli, tmp_path, "--base", "HEAD")
    assert [one[:2] for one in shown(found)] == [("GL08", "g")]


def test_other_reports_leave_them_out(repo: Sandbox, cli: Cli, tmp_path: Path) -> None:
    repo.commit(**{"a.py": CLEAN + OURS.format("f", "x").replace(", PR01", "")})
    report = tmp_path / "x.json"
    cli("ci", "--base", "HEAD", f"--report=gitlab={report}")
    assert json.loads(report.read_text("utf-8")) == []
