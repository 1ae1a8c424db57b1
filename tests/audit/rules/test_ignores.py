from __future__ import annotations

import pytest

from detent.audit.codes import INHERITED
from detent.audit.rules.ignores import _OF_BASES

from ..support import codes, findings, function

DOCUMENTED = '"""M."""\n' + function("Do it.\n\nParameters\n----------\nx : int\n    It.\n", "x")


def marked(source: str, comment: str) -> str:
    """Put a comment on the line of the first definition."""
    return source.replace("):\n", f"):  # detent: ignore{comment}\n", 1)


def test_what_is_ignored_is_not_found() -> None:
    source = '"""M."""\n' + function("do it", "x")
    assert codes(source) >= {("f", "SS02"), ("f", "SS03"), ("f", "PR01")}
    left = codes(marked(source, "[SS02, PR01] as in C"))
    assert {code for _, code in left} & {"SS02", "PR01", "DT801", "DT802"} == set()
    assert ("f", "SS03") in left
    assert ("f", "GL08") not in codes('"""M."""\ndef f(): pass  # detent: ignore[GL08]\n')


def test_an_unused_ignore_is_found_at_its_comment() -> None:
    (unused,) = findings(marked(DOCUMENTED, "[PR01, PR01]"), "DT801", "DT802")
    assert (unused.code, unused.line, unused.column, unused.subject) == ("DT801", 2, 12, "PR01")
    assert unused.message == "Unused ignore: no PR01 here"


def test_another_symbols_finding_is_no_use() -> None:
    source = marked(DOCUMENTED, "[GL08]") + "def g(): pass\n"
    assert [finding.subject for finding in findings(source, "DT801")] == ["GL08"]


def test_a_comment_for_numpydoc_may_be_unused() -> None:
    source = DOCUMENTED.replace("):\n", "):  # numpydoc ignore=PR01,GL08\n", 1)
    assert findings(source, "DT801", "DT802") == []


def test_what_base_classes_may_be_needed_for_is_not_called_unused() -> None:
    text = '"""M."""\nclass A{}:  # detent: ignore[PR02, SS03]\n    """Do it."""\n'
    assert [finding.subject for finding in findings(text.format("(B)"), "DT801")] == ["SS03"]
    assert [finding.subject for finding in findings(text.format(""), "DT801")] == ["PR02", "SS03"]
    assert set(INHERITED) == _OF_BASES["method"]
    method = '"""M."""\nclass A(B):\n  """Do."""\n  def f(self): pass  # detent: ignore[{}]\n'
    for code in INHERITED:
        assert findings(method.format(code), "DT801", "DT802") == []
        function = f'"""M."""\ndef f(): pass  # detent: ignore[{code}]\n'
        assert [finding.subject for finding in findings(function, "DT801")] == [code]


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("", 'Comment names no code to ignore: write "# detent: ignore[PR01] reason"'),
        ("[]", 'Comment names no code to ignore: write "# detent: ignore[PR01] reason"'),
        ("[pr01]", '"pr01" is no code to ignore: did you mean PR01?'),
        ("[PR1O]", '"PR1O" is no code to ignore: did you mean PR10?'),
        ("[GL8]", '"GL8" is no code to ignore: did you mean GL01?'),
        ("[ALL]", '"ALL" is no code to ignore'),
        ("[invalid-name]", '"invalid-name" is no code to ignore'),
        ("[\x1b]", '"\\x1b" is no code to ignore'),
        ("[DT902]", '"DT902" cannot be ignored in a comment, only in the settings'),
        ("[DT801]", '"DT801" cannot be ignored in a comment, only in the settings'),
    ],
)
def test_what_cannot_be_ignored(comment: str, message: str) -> None:
    (found,) = findings(marked(DOCUMENTED, comment), "DT801", "DT802")
    assert (found.code, found.line, found.column, found.message) == ("DT802", 2, 12, message)


def test_a_comment_cannot_hide_that_it_is_wrong() -> None:
    found = findings(marked(DOCUMENTED, "[DT801, DT802, PR01]"), "DT801", "DT802")
    assert [finding.code for finding in found] == ["DT801", "DT802", "DT802"]


def test_many_comments_that_are_wrong() -> None:
    # To look for what was meant must not take longer than to read the file.
    lines = "".join(f"# detent: ignore[{n:05}, {'x' * 100}]\n" for n in range(20_000))
    assert len(findings(lines, "DT802")) == 40_000
