from __future__ import annotations

import pytest
from numpydoc.validate import ERROR_MSGS

from detent.audit.codes import FIXABLE
from detent.audit.fix import FIXES, STUBS
from detent.audit.parse.docstring import parse_docstring
from detent.audit.rule import collect_rules
from detent.audit.rules import RULES


def test_all_of_numpydocs_codes_are_there() -> None:
    assert [code for code in RULES if code[:2] != "DT"] == sorted(ERROR_MSGS)
    assert collect_rules() == dict(RULES)


@pytest.mark.parametrize("code", RULES)
def test_every_rule_has_a_page(code: str) -> None:
    rule = RULES[code]
    doc = parse_docstring(rule.doc)
    assert rule.code == code
    assert doc.headline.startswith("Find ")
    assert doc.headline.endswith(".")
    assert "Examples" in doc.filled_sections
    assert "Notes" in doc.filled_sections or "Off by default" in rule.doc
    assert rule.title
    assert not rule.title.endswith(".")


def test_the_codes_of_fixes_are_known_without_loading_them() -> None:
    assert FIXES.keys() - STUBS == FIXABLE
