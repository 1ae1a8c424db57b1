"""JUnit's XML, which every CI service can show."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from detent import TYPE_CHECKING
from detent.core.escape import clean_path
from detent.report.items import ERROR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from detent.report.items import Item

# What XML 1.0 cannot hold, not even as a reference.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def suites(found: Sequence[Item]) -> str:
    """Write a test suite with a failed case for each thing that stands against the change.

    Parameters
    ----------
    found : sequence of Item
        Warnings are passed over; without an error there is one case, which passes.

    Returns
    -------
    str
        A document.
    """
    failed = [one for one in found if one.level == ERROR]
    cases = [_case(one) for one in failed] or [' <testcase classname="detent" name="check"/>']
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


def _case(one: Item) -> str:
    path = clean_path(one.path)
    place = f"{path}:{one.line}:{one.column}"
    name = f"{one.code} {one.symbol}" if one.symbol else one.code
    return (
        f" <testcase classname={_quoted(path)} name={_quoted(f'{name} at {one.line}')}>"
        f"<failure type={_quoted(one.code)} message={_quoted(one.message)}>"
        f"{escape(_allowed(f'{place}: {one.code} {one.message}'))}</failure></testcase>"
    )


def _quoted(text: str) -> str:
    return quoteattr(_allowed(text))


def _allowed(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)
