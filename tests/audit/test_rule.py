from __future__ import annotations

import pytest
from numpydoc.validate import ERROR_MSGS

from detent.audit.parse.docstring import parse
from detent.audit.rule import registered
from detent.audit.rules import RULES


def test_all_of_numpydocs_codes_are_there() -> None:
    assert [code for code in RULES if code[:2] != "DT"] == sorted(ERROR_MSGS)
    assert registered() == dict(RULES)


@pytest.mark.parametrize("code", RULES)
def test_every_rule_has_a_page(code: str) -> None:
    rule = RULES[code]
    doc = parse(rule.doc)
    assert rule.code == code
    assert doc.headline.startswith("Find ")
    assert doc.headline.endswith(".")
    assert "Examples" in doc.filled
    assert "Notes" in doc.filled or "Off unless asked for" in rule.doc
    assert rule.title
    assert not rule.title.endswith(".")
