from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from conftest import SOURCE
from detent.index.stages import record

if TYPE_CHECKING:
    from conftest import Cli, Sandbox
    from detent.index.handle import Index


def test_builds_are_a_table_with_the_newest_first(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": "x = 1\n", "b.py": "y = 1\n"})
    cli("index")
    repo.commit(**{"a.py": "x = 2\n"})
    cli("index")
    said = cli("stages")
    assert said.status == 0
    lines = said.out.splitlines()
    assert lines[0].split()[:3] == ["build", "analysed", "seconds"]
    assert [line.split()[0] for line in lines[1:3]] == ["1", "2"]
    assert [line.split()[2] for line in lines[1:3]] == ["1", "2"]
    assert "incremental-update" in lines[-1]
    builds = json.loads(cli("stages", "--format", "json").out)["builds"]
    assert [build["buildId"] for build in builds] == [line.split()[1] for line in lines[1:3]]


def test_two_builds_are_compared(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": "x = 1\n", "b.py": "y = 1\n"})
    cli("index")
    cli("index", "--full")
    said = cli("stages", "--compare")
    assert said.status == 0
    assert said.out.endswith("all counters are equal\nordering: equal, of the same input\n")
    repo.commit(**{"a.py": "x = 2\n"})
    cli("index", "--full")
    cli("index", "--full")
    document = json.loads(cli("stages", "--format", "json", "--compare", "3", "1").out)
    names = [
        build["buildId"] for build in json.loads(cli("stages", "--format", "json").out)["builds"]
    ]
    assert document["compare"]["builds"] == [names[2], names[0]]
    jsonschema.validate(document, json.loads((SOURCE / "docs/json.schema.json").read_text()))
    assert document["compare"]["comparable"] is False
    assert cli("stages", "--compare", names[3]).out.split()[:2] == [names[3], names[0]]
    repo.commit(**{"c.py": "def f(): pass\n"})
    cli("index")
    said = cli("stages", "--compare")
    assert "ordering: not comparable" in said.out
    assert ["blobs", "2", "1"] in [line.split() for line in said.out.splitlines()]


@pytest.mark.parametrize("names", [["9"], ["0"], ["2026x"], ["3"], ["1", "1", "1"], [""]])
def test_what_cannot_be_compared_is_said(repo: Sandbox, cli: Cli, names: list[str]) -> None:
    repo.commit(**{"a.py": "x = 1\n"})
    cli("index")
    assert cli("stages", "--compare").status == 3
    cli("index", "--full")
    said = cli("stages", "--compare", *names)  # every name begins with nothing
    assert said.status == 2
    assert "detent stages" in said.err


def test_without_a_build_the_command_that_makes_one_is_named(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": "x = 1\n"})
    said = cli("stages")
    assert said.status == 3
    assert "detent index" in said.err


def test_files_that_were_edited_are_passed_over_and_steer_nothing(
    repo: Sandbox, cli: Cli, kept: Index
) -> None:
    repo.commit(**{"a.py": "x = 1\n"})
    cli("index")
    metrics = Path(record.choose_audit_folder(kept.path), "metrics")
    (good,) = metrics.glob("stage-audit-code-*.json")
    audit = json.loads(good.read_text())
    steered = json.dumps({**audit, "buildId": "9\x1b[2J", "mode": "\x1b"})
    (metrics / "stage-audit-code-9.json").write_text(steered)
    for number, text in enumerate(["", "[]", '{"version": 1}', steered.replace('"rss"', "rss")]):
        (metrics / f"stage-audit-code-8{number}.json").write_text(text)
    wrong: list[dict[str, object]] = [
        {"checkpoints": [3]},
        {"stages": []},
        {"highWater": 3},
        {"stages": {"a": {}}},
    ]
    for number, change in enumerate(wrong):
        (metrics / f"stage-audit-code-7{number}.json").write_text(json.dumps({**audit, **change}))
    odd: dict[str, object] = {
        "highWater": {"extra": 3, "workers": 0, "rssPeak": "x"},
        "orderingLedger": [],
    }
    (metrics / "stage-audit-code-6.json").write_text(json.dumps({**audit, **odd}))
    said = cli("stages")
    assert said.status == 0
    assert "\x1b" not in said.out
    assert len([line for line in said.out.splitlines() if line[:1].isdecimal()]) == 3
    assert cli("stages", "--compare", "1", "3").status == 0


def _list_places(value: object, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List all places inside a document."""
    members: Any = ()
    if isinstance(value, dict):
        members = value.items()
    elif isinstance(value, list):
        members = enumerate(value)
    inside = [found for key, part in members for found in _list_places(part, (*place, key))]
    return [place, *inside] if place else inside


@pytest.mark.parametrize(
    "value", [None, 1e400, 10**400, -1.0, "x\x1b[2J\n::error::x", [], {}, [[]], {"a": {}}, True]
)
def test_no_record_is_a_defect(repo: Sandbox, cli: Cli, value: object) -> None:
    repo.commit(**{"a.py": "x = 1\n"})
    cli("index")
    cli("index", "--full")
    metrics = repo.path / ".git/detent/metrics"
    newest = max(metrics.glob("stage-audit-code-*"))
    text = newest.read_text()
    # Each value in other places: all of them would take a minute.
    for place in _list_places(json.loads(text))[len(repr(value)) % 21 :: 21]:
        document = json.loads(text)
        inner = document
        for key in place[:-1]:
            inner = inner[key]
        inner[place[-1]] = value
        newest.write_text(json.dumps(document))
        for arguments in ([], ["--compare"], ["--format", "json"]):
            answer = cli("stages", *arguments)
            assert answer.status in (0, 3), (place, answer)
            assert "\x1b" not in answer.out, place
            assert "\n::" not in answer.out, place


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such files")
@pytest.mark.parametrize("kind", ["pipe", "device", "large"])
def test_only_small_files_are_records(repo: Sandbox, cli: Cli, kind: str) -> None:
    repo.commit(**{"a.py": "x = 1\n"})
    cli("index")
    way = repo.path / ".git/detent/metrics/stage-audit-code-99990101T000000000000Z-1.json"
    if kind == "pipe":
        os.mkfifo(way)
    elif kind == "device":
        way.symlink_to("/dev/zero")
    else:
        with way.open("wb") as file:
            file.truncate(10**11)
    assert cli("stages").status == 0
    assert cli("index", "--full").status == 0
