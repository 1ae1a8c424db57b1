"""GitLab's code quality report, held against what its documentation asks for."""

from __future__ import annotations

import json

import jsonschema

from detent.core.escape import clean_text
from detent.report.gitlab import render_code_quality

from .samples import HOSTILE, PLAIN

#: From "Code Quality report format" in GitLab's documentation: more than the schema asks for that
#: GitLab itself validates with, and nothing besides.
SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "additionalProperties": False,
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "additionalProperties": False,
                "properties": {
                    "path": {"type": "string", "pattern": "^(?!\\./|/)."},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "additionalProperties": False,
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


def test_one_entry_for_each() -> None:
    assert json.loads(render_code_quality(PLAIN[:2])) == [
        {
            "description": 'Parameter "b" is not documented [C.f]',
            "check_name": "PR01",
            "fingerprint": "0" * 32,
            "severity": "major",
            "location": {"path": "src/a.py", "lines": {"begin": 3}},
        },
        {
            "description": "docstring.issues: 3 findings",
            "check_name": "budget",
            "fingerprint": "1" * 32,
            "severity": "major",
            "location": {"path": "pyproject.toml", "lines": {"begin": 1}},
        },
    ]
    assert json.loads(render_code_quality([])) == []


def test_it_is_what_gitlab_reads() -> None:
    text = render_code_quality([*PLAIN, *HOSTILE])
    report = json.loads(text)
    jsonschema.validate(report, SCHEMA)
    assert len(report) == len(PLAIN) + len(HOSTILE)
    assert text.isascii()
    for entry in report:
        assert clean_text(entry["description"]) == entry["description"]
        assert clean_text(entry["location"]["path"]) == entry["location"]["path"]
