"""Docstrings in which detent has another opinion than numpydoc."""

from __future__ import annotations

import pytest

from .fix.support import fixed
from .support import function, own

DOCTEST = """Show the names.

Examples
--------
>>> show(["one", "two"])
Notes
-----
one
"""
LITERAL = """Return a function.

Returns
-------
callable
    A function with this docstring{0}

        Call it

        Parameters
        ----------
        message : str
            printed first


        Returns
        ---
        it

    It takes one more argument than `func`.
"""
BLOCKS = {
    "doctest": DOCTEST,
    "doctest at the margin": "Do it.\n\nReturns\n-------\nint\n    It.\n>>> f()\nx: 1\n",
    "doctest in a parameter": "Do it.\n\nParameters\n----------\nx : int\n    It.\n\n"
    "    >>> f(1)\n    one\n",
    "colons": LITERAL.format("::"),
    "code-block": LITERAL.format(":\n\n    .. code-block:: none"),
    "directive": LITERAL.format(":\n\n    .. custom:directive:: x"),
    "comment": LITERAL.format(":\n\n    .. a comment"),
    "references": "Do it.\n\nSee Also\n--------\nf : It.\n\n.. note:: not a reference\n    it is\n",
    "summary": "Do it.\n>>> f()\nnone\n",
    "tabs and blanks": "Do it.\n\nIt is::\n\n    a\n\n\n    b\n",
    "titles": "Do it.\n\nIt is::\n\n    x\n\n    Args:\n        x: It.\n\n    Returns\n\n    x\n",
}


@pytest.mark.parametrize("name", BLOCKS)
def test_literal_lines_are_not_judged(name: str) -> None:
    docstring = BLOCKS[name]
    signature, body = ("x", "return x") if "Parameters\n-" in docstring[:40] else ("", "pass")
    if "Returns\n" in docstring[:40]:
        body = "return 1"
    expected = ["RT01"] if "parameter" in name else []
    assert own(f'"""M."""\n{function(docstring, signature, body)}') == expected
    assert fixed(docstring, signature, body) == docstring


TEMPLATES = ["%(picks_all)s", "{klass}", "${ARRAY_FUNCTION_LIKE}", "%(verbose)s Defaults to True."]
TEMPLATE = "Do it.\n\nParameters\n----------\n{0}\nexclude : list of str\n    {1}\n{0}\n"


@pytest.mark.parametrize("form", TEMPLATES)
def test_a_placeholder_stands_for_entries(form: str) -> None:
    source = function(TEMPLATE.format(form, "Channels."), "picks, exclude, verbose, **kwargs")
    assert own(f'"""M."""\n{source}') == []


@pytest.mark.parametrize("form", TEMPLATES)
def test_the_rest_of_a_template_is_judged(form: str) -> None:
    source = function(TEMPLATE.format(form, "channels"), "picks, exclude", "return 1")
    assert own(f'"""M."""\n{source}') == ["RT01", "PR08", "PR09"]


@pytest.mark.parametrize("form", TEMPLATES[:3])
def test_a_placeholder_in_other_sections(form: str) -> None:
    for title in ("Returns", "Yields", "Raises", "Warns", "See Also", "Attributes"):
        docstring = f"Do it.\n\n{title}\n{'-' * len(title)}\n{form}\n"
        body = "return 1" if title == "Returns" else "yield 1" if title == "Yields" else "pass"
        assert own(f'"""M."""\n{function(docstring, "", body)}') == []


@pytest.mark.parametrize("form", TEMPLATES[:3])
def test_a_placeholder_stands_for_sections(form: str) -> None:
    source = function(f"Do it.\n\n{form}\n", "x", "yield 1\n    return x")
    assert own(f'"""M."""\n{source}') == []


@pytest.mark.parametrize("docstring", [TEMPLATE.format("%(x)s", "Channels."), "Do it.\n\n{x}\n"])
def test_no_stub_is_written_beside_a_placeholder(docstring: str) -> None:
    assert fixed(docstring, "picks, exclude", stubs=True) == docstring


@pytest.mark.parametrize("form", TEMPLATES[:3])
def test_the_text_below_a_placeholder(form: str) -> None:
    docstring = f"Do it.\n\nParameters\n----------\n{form}\n    default=2\nb : int\n    it\n"
    assert own(f'"""M."""\n{function(docstring, "a, b")}') == ["PR08", "PR09"]


def test_a_numbered_heading_of_a_module() -> None:
    assert own('"""M.\n\nExample 1\n---------\nIt.\n"""\n') == []
