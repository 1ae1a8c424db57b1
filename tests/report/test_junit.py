"""JUnit's XML, as others read it."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import junitparser

from detent.report.items import ERROR
from detent.report.junit import render_suites

from .samples import HOSTILE, PLAIN

EXPECTED = """\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="1" failures="1">
<testsuite name="detent" tests="1" failures="1" errors="0">
 <testcase classname="src/a.py" name="PR01 C.f at 3"><failure type="PR01" \
message='Parameter "b" is not documented'>\
src/a.py:3:5: PR01 Parameter "b" is not documented</failure></testcase>
</testsuite>
</testsuites>
"""


#: What each element must and may have, and hold: the schema that Jenkins validates reports with.
STRUCTURE: dict[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors"}, set(), {"testcase"}),
    "testcase": ({"name"}, {"classname"}, {"failure"}),
    "failure": (set(), {"type", "message"}, set()),
}


def check(element: ET.Element) -> None:
    """Hold a report against `STRUCTURE`."""
    needed, allowed, inside = STRUCTURE[element.tag]
    assert needed <= set(element.attrib) <= needed | allowed
    for child in element:
        assert child.tag in inside
        check(child)


def test_a_failed_case_for_each_error() -> None:
    assert render_suites([PLAIN[0], PLAIN[3]]) == EXPECTED


def test_without_an_error_one_case_passes() -> None:
    (suite,) = junitparser.JUnitXml.fromstring(render_suites(PLAIN[3:]).encode())
    assert (suite.tests, suite.failures) == (1, 0)
    assert [case.is_passed for case in suite] == [True]


def test_others_read_what_was_written() -> None:
    errors = [item for item in [*PLAIN, *HOSTILE] if item.level == ERROR]
    text = render_suites([*PLAIN, *HOSTILE])
    (suite,) = junitparser.JUnitXml.fromstring(text.encode())
    assert (suite.tests, suite.failures, suite.errors) == (len(errors), len(errors), 0)
    for item, case in zip(errors, suite, strict=True):
        assert [failure.type for failure in case.result] == [item.code]
    root = ET.fromstring(text)
    assert root.tag == "testsuites"
    check(root)
    assert {element.tag for element in root.iter()} == set(STRUCTURE)
    assert "\x1b" not in text
