"""JUnit XML, which every CI service can show."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from detent import TYPE_CHECKING
from detent.core.escape import clean_path
from detent.report.items import ERROR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detent.report.items import ReportItem

# Characters that XML 1.0 does not allow, not even as a reference.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_suites(items: Sequence[ReportItem]) -> str:
    """Render a test suite with a failed case for each error."""
    failed = [item for item in items if item.level == ERROR]
    cases = [_render_case(item) for item in failed] or [
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


def _render_case(item: ReportItem) -> str:
    path = clean_path(item.path)
    place = f"{path}:{item.line}:{item.column}"
    name = f"{item.code} {item.symbol}" if item.symbol else item.code
    return (
        f" <testcase classname={_quote_attribute(path)} "
        f"name={_quote_attribute(f'{name} at {item.line}')}>"
        f"<failure type={_quote_attribute(item.code)} message={_quote_attribute(item.message)}>"
        f"{escape(_replace_forbidden(f'{place}: {item.code} {item.message}'))}</failure></testcase>"
    )


def _quote_attribute(text: str) -> str:
    return quoteattr(_replace_forbidden(text))


def _replace_forbidden(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
