"""SARIF, held against its schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

import jsonschema
import pytest

from conftest import published_schema
from detent.audit.rules import RULES
from detent.core.escape import clean_text
from detent.report.sarif import render_log

from .samples import HOSTILE, PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable

Document = dict[str, Any]


@pytest.fixture(scope="module")
def validate() -> Callable[[Document], None]:
    """Check against the schema."""
    schema = published_schema("/sarif-2.1.0.json")
    validator = jsonschema.validators.validator_for(schema)(schema)

    def check(document: Document) -> None:
        validator.validate(document)

    return check


def test_a_log_with_all_there_is(validate: Callable[[Document], None]) -> None:
    text = render_log(PLAIN, RULES, {}, version="1.2.3")
    document = json.loads(text)
    validate(document)
    (run,) = document["runs"]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["semanticVersion"]) == ("detent", "1.2.3")
    assert [rule["id"] for rule in driver["rules"]] == ["GL08", "PR01", "SS03", "budget"]
    assert [result["baselineState"] for result in run["results"]] == [
        "new",
        "new",
        "unchanged",
        "absent",
    ]
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert run["results"][0] == {
        "ruleId": "PR01",
        "ruleIndex": 1,
        "level": "error",
        "message": {"text": 'Parameter "b" is not documented'},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "src/a.py", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 3, "startColumn": 5},
                },
                "logicalLocations": [{"fullyQualifiedName": "C.f"}],
            }
        ],
        "partialFingerprints": {"detent/v1": "0" * 32},
        "baselineState": "new",
        "suppressions": [],
    }
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    (notification,) = invocation["toolExecutionNotifications"]
    assert notification["message"]["text"] == "not analysed: it is gone"


GOLDEN = """\
{
 "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
 "version": "2.1.0",
 "runs": [
  {
   "tool": {
    "driver": {
     "name": "detent",
     "semanticVersion": "1.2.3",
     "rules": [
      {
       "id": "GL08",
       "shortDescription": {
        "text": "The file cannot be read as Python"
       }
      }
     ]
    }
   },
   "columnKind": "unicodeCodePoints",
   "invocations": [
    {
     "executionSuccessful": true,
     "toolExecutionNotifications": []
    }
   ],
   "results": [
    {
     "ruleId": "GL08",
     "ruleIndex": 0,
     "level": "warning",
     "message": {
      "text": "No docstring"
     },
     "locations": [
      {
       "physicalLocation": {
        "artifactLocation": {
         "uri": "a%20b.py",
         "uriBaseId": "%SRCROOT%"
        },
        "region": {
         "startLine": 9,
         "startColumn": 1
        }
       },
       "logicalLocations": [
        {
         "fullyQualifiedName": "g"
        }
       ]
      }
     ],
     "partialFingerprints": {
      "detent/v1": "33333333333333333333333333333333"
     },
     "baselineState": "unchanged",
     "suppressions": [
      {
       "kind": "inSource",
       "justification": "it is \\"simple\\""
      }
     ]
    }
   ]
  }
 ]
}"""


def test_a_log_to_the_letter(validate: Callable[[Document], None]) -> None:
    text = render_log([PLAIN[3]._replace(reason='it is "simple"')], {}, {}, version="1.2.3")
    assert text == GOLDEN
    validate(json.loads(text))


def test_no_reason_breaks_out(validate: Callable[[Document], None]) -> None:
    found = [item._replace(reason=item.message) for item in HOSTILE]
    document = json.loads(render_log(found, RULES, {}, version="0.1.0"))
    validate(document)
    reasons = [
        result["suppressions"][0]["justification"] for result in document["runs"][0]["results"]
    ]
    assert reasons == [item.message for item in HOSTILE]


def test_an_empty_one_is_one_too(validate: Callable[[Document], None]) -> None:
    document = json.loads(render_log([], RULES, {}, version="0.1.0"))
    validate(document)
    assert document["runs"][0]["invocations"][0]["executionSuccessful"] is True


def test_hostile_names(validate: Callable[[Document], None]) -> None:
    text = render_log(HOSTILE, RULES, {}, version="0.1.0")
    assert text.isascii()
    document = json.loads(text)
    validate(document)
    results = document["runs"][0]["results"]
    assert len(results) == len(HOSTILE)
    for item, result in zip(HOSTILE, results, strict=True):
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert unquote_to_bytes(uri) == item.path
        assert clean_text(result["message"]["text"]) == result["message"]["text"]


def test_more_than_a_service_takes_is_cut_and_said(
    validate: Callable[[Document], None],
) -> None:
    document = json.loads(render_log([PLAIN[0]] * 25_002, RULES, {}, version="0.1.0"))
    (run,) = document["runs"]
    assert len(run["results"]) == 25_000
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"] == "2 more results are not listed"
    run["results"] = run["results"][:1]
    validate(document)
