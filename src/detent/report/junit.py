"""JUnit's XML, which every CI service can show."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from detent import TYPE_CHECKING
from detent.core.escape import clean_path
from detent.report.items import ERROR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detent.report.items import ReportItem

# What XML 1.0 cannot hold, not even as a reference.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_suites(found: Sequence[ReportItem]) -> str:
    """Write a test suite with a failed case for each thing that stands against the change."""
    failed = [one for one in found if one.level == ERROR]
    cases = [_render_case(one) for one in failed] or [
        ' <testcase classname="detent" name="check"/>'
    ]
    head = f'<testsuite name="detent" tests="{len(cases)}" failures="{len(failed)}" errors="0">'
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<testsuites tests="{len(cases)}" failures="{len(failed)}">',
            head,
            *cases,
            "</testsuite>",
            "</testsuites>",
            "",
        ]
    )


def _render_case(one: ReportItem) -> str:
    path = clean_path(one.path)
    place = f"{path}:{one.line}:{one.column}"
    name = f"{one.code} {one.symbol}" if one.symbol else one.code
    return (
        f" <testcase classname={_quote_attribute(path)} "
        f"name={_quote_attribute(f'{name} at {one.line}')}>"
        f"<failure type={_quote_attribute(one.code)} message={_quote_attribute(one.message)}>"
        f"{escape(_replace_forbidden(f'{place}: {one.code} {one.message}'))}</failure></testcase>"
    )


def _quote_attribute(text: str) -> str:
    return quoteattr(_replace_forbidden(text))


def _replace_forbidden(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
