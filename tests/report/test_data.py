"""JSON: ASCII whatever it says, and always of the published shape."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from conftest import SOURCE
from detent.report import data

if TYPE_CHECKING:
    from conftest import Cli, Sandbox

CLEAN = '"""Do things."""\n'
BARE = "\n\ndef {}(a):\n    return a\n"
#: Names and texts that would steer a terminal or a reader of lines.
HOSTILE = [
    b"a\x1b]0;x\x07.py",
    b"::error file=x::.py",
    b'"},{"new".py',
    b"\xff\xfe.py",
    "\u202e\u2066.py".encode(),
    b"line\nbreak.py",
]
QUESTIONS = [
    ["check"],
    ["check", "--gate", "all"],
    ["index"],
    ["audit"],
    ["coverage", "--missing"],
    ["coverage", "--by", "file", "--fail-under", "99"],
    ["budget"],
    ["sym", "f"],
    ["symlist"],
    ["search", "def", "--context", "1"],
    ["config"],
    ["init"],
    ["doctor"],
    ["verify"],
    ["stages"],
    ["ci", "--base", "HEAD"],
]


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SOURCE / "docs/json.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(found)
    return found


def read(schema: dict[str, Any], text: str) -> dict[str, Any]:
    """Read a document that is valid and ASCII, and has no member that the schema leaves out."""
    assert text.isascii()
    document: dict[str, Any] = json.loads(text)
    jsonschema.Draft202012Validator(schema).validate(document)
    parts = schema["$defs"].values()
    (described,) = (
        part["properties"]
        for part in parts
        if document["schema"] in _schemas(part.get("properties", {}).get("schema", {}))
    )
    assert set(document) <= set(described)
    for finding in [*document.get("new", []), *document.get("findings", [])]:
        if "code" in finding:
            assert set(finding) == set(schema["$defs"]["finding"]["properties"])
    return document


def _schemas(part: dict[str, Any]) -> list[str]:
    return [part["const"]] if "const" in part else list(part.get("enum", []))


@pytest.mark.parametrize("command", QUESTIONS, ids=[" ".join(command) for command in QUESTIONS])
def test_every_answer_is_of_its_schema(
    repo: Sandbox, cli: Cli, schema: dict[str, Any], command: list[str]
) -> None:
    settings = "[[budget.limit]]\nmetric = 'docstring.issues'\nmax = 0\npaths = ['**']\n"
    repo.commit(**{"a.py": CLEAN + BARE.format("f"), "detent.toml": settings})
    repo.detent("index")
    for number, name in enumerate(HOSTILE):
        text = f'{CLEAN}{BARE.format("f")}{BARE.format("é")}    "\x1b[31m"\n# {number}\n'
        blob = repo.git("hash-object", "-w", "--stdin", given=text.encode()).strip()
        entry = b"100644 " + blob.encode() + b"\t" + name + b"\0"
        repo.git("update-index", "-z", "--index-info", given=entry)
    answer = cli(*command, "--format", "json")
    assert answer.out, answer.err
    document = read(schema, answer.out)
    assert document["schema"].startswith(f"detent.{'check' if command[0] == 'ci' else command[0]}/")


def test_hostile_paths_come_back_as_they_are(
    repo: Sandbox, cli: Cli, schema: dict[str, Any]
) -> None:
    repo.commit(**{"a.py": CLEAN})
    for name in HOSTILE:
        blob = repo.git("hash-object", "-w", "--stdin", given=BARE.format("f").encode()).strip()
        entry = b"100644 " + blob.encode() + b"\t" + name + b"\0"
        repo.git("update-index", "-z", "--index-info", given=entry)
    document = read(schema, cli("check", "--format", "json").out)
    paths = {finding["path"].encode("utf-8", "surrogateescape") for finding in document["new"]}
    assert paths == set(HOSTILE)


def test_a_verdict_to_the_letter(repo: Sandbox, cli: Cli, schema: dict[str, Any]) -> None:
    repo.commit(**{"a.py": CLEAN})
    tree = repo.git("rev-parse", "HEAD^{tree}").strip()
    repo.write("a.py", CLEAN + BARE.format("f"))
    repo.git("add", "-A")
    document = read(schema, cli("check", "--format", "json").out)
    assert isinstance(document.pop("seconds"), float)
    finding = {
        "path": "a.py",
        "line": 4,
        "column": 1,
        "code": "GL08",
        "severity": "error",
        "message": "No docstring",
        "symbol": "f",
        "subject": "",
    }
    assert document == {
        "schema": "detent.check/1",
        "view": "staged",
        "tree": tree,
        "clean": False,
        "new": [finding],
        "fixed": [],
        "blocking": [finding],
        "warnings": [],
        "notes": [],
        "budget": [],
        "loosened": [],
        "coverage": 50.0,
        "changed_files": 1,
        "files": 1,
        "analysed": 1,
        "failures": [],
    }


def test_another_shape_is_refused(schema: dict[str, Any]) -> None:
    validator = jsonschema.Draft202012Validator(schema)
    assert not validator.is_valid({"schema": "detent.audit/1", "findings": [{}]})
    assert not validator.is_valid({"schema": "detent.audit/2"})
    good = {"schema": "detent.verify/1", "faults": [], "files": 0}
    assert validator.is_valid(good)
    assert not validator.is_valid({**good, "files": "0"})


def test_paths_survive_the_way_there_and_back() -> None:
    for path in (b"a.py", b"\xff\n.py", "ü.py".encode()):
        shown = json.loads(json.dumps(data.encode_path(path)))
        assert shown.encode("utf-8", "surrogateescape") == path
