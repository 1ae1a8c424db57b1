"""Which symbol a comment that ignores findings belongs to, and what it names."""

from __future__ import annotations

import pytest

from languages.python.support import extract_facts

HERE = "# detent: ignore[GL08]"
PLACES = [
    # The source, and the line of the symbol that has the comment.
    (f"{HERE}\nx = 1\n", 1),
    (f"x = 1  {HERE}\n\ndef f(): pass\n", 1),
    (f"x\ndef f():  {HERE}\n  pass\n", 2),
    (f"x\ndef f(\n  a,  {HERE}\n  b,\n): pass\n", 2),
    (f"x\ndef f(\n  a,\n  b,\n) -> int:  {HERE}\n  pass\n", 2),
    (f"x\n@d  {HERE}\ndef f(): pass\n", 3),
    (f"x\n@d(\n 1,  {HERE}\n)\n@e\nclass A: pass\n", 6),
    (f"x\ndef g(): pass\n@d\n{HERE}\n@e\ndef f(): pass\n", 6),
    (f"x\nclass A:\n  @d  {HERE}\n  def f(): pass\n", 4),
    (f"x\nclass A:\n  '''Doc\n\n  text.\n  '''  {HERE}\n  def f(): pass\n", 2),
    (f"x\nasync def f():\n  '''Doc.'''  {HERE}\n", 2),
    (f"x\ndef f():\n  def g(): pass\n  {HERE}\n", 3),
    (f"x\ndef f(): pass\n\n{HERE}\ndef g(): pass\n", 2),
]


@pytest.mark.parametrize(("source", "line"), PLACES)
def test_the_symbol(source: str, line: int) -> None:
    found = [symbol for symbol in extract_facts(source.encode()).symbols if symbol.directives]
    assert [(symbol.line, set(symbol.ignores)) for symbol in found] == [(line, {"GL08"})]
    (directive,) = found[0].directives
    above = source[: source.index("# detent")].split("\n")
    assert (directive.line, directive.column) == (len(above), len(above[-1]) + 1)


WRITTEN = [
    ("# detent: ignore[PR01, GL08] the reason", ("PR01", "GL08")),
    ("#detent:ignore[PR01]", ("PR01",)),
    ("# detent:  ignore [ PR01 GL08 , ]", ("PR01", "GL08")),
    ("# noqa: E501 # detent: ignore[PR01]", ("PR01",)),
    ("# detent: ignore[pr01,XY99,\u00e9]", ("pr01", "XY99", "\u00e9")),
    ("# detent: ignore", ()),
    ("# detent: ignore PR01", ()),
    ("# detent: ignore[]", ()),
    ("# detent: ignore[PR01", ()),
    ("# detent: ignored", None),
    ("# detent: ignore-next", None),
    ("# detent ignore[PR01]", None),
    ("'# detent: ignore[PR01]'", None),
]


@pytest.mark.parametrize(("comment", "codes"), WRITTEN)
def test_what_is_written(comment: str, codes: tuple[str, ...] | None) -> None:
    (module,) = extract_facts(f"x = 1; {comment}\n".encode()).symbols
    assert [directive.codes for directive in module.directives] == (
        [] if codes is None else [codes]
    )
    known = {"PR01", "GL08", "XY99"}
    assert module.ignores == (set(codes or ()) & known)


def test_columns_are_counted_in_characters() -> None:
    source = "x = '\u4e2d\u00fc'  # \u00fc # detent: ignore[PR01]\n"
    (module,) = extract_facts(source.encode()).symbols
    assert module.directives[0].column == source.index("# detent") + 1


def test_both_kinds_add_up() -> None:
    source = "def f():  # numpydoc ignore=GL01\n  pass  # detent: ignore[GL02]\n"
    symbol = extract_facts(source.encode()).symbols[1]
    assert symbol.ignores == {"GL01", "GL02"}
    assert [directive.codes for directive in symbol.directives] == [("GL02",)]
