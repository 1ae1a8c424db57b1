from __future__ import annotations

import pytest

from detent.audit.parse.docstring import parse_docstring
from detent.audit.parse.placeholders import ANYTHING

PARAMETERS = "Do.\n\nParameters\n----------\n{0}\nx : int\n    It.\n"
FORMS = ["%(picks)s", "%(a:b)s", "%s", "${ARRAY}", "$name", "{klass}", "{a.b}", "{0}", "{{ x }}"]


def meanings(text: str) -> list[str]:
    return list(parse_docstring(text).placeholders.values())


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("rest", ["", " Defaults to True.", " : int", "."])
def test_an_entry(form: str, rest: str) -> None:
    assert meanings(PARAMETERS.format(form + rest)) == ["Parameters"]


@pytest.mark.parametrize("form", FORMS)
def test_a_paragraph_may_stand_for_anything(form: str) -> None:
    assert meanings(f"Do.\n\n{form}\n") == [ANYTHING]
    assert meanings(f"Do.\n\n    {form}\n\n    More.\n") == [ANYTHING]
    assert meanings(form) == [ANYTHING]
    assert meanings(PARAMETERS.format("y : int\n    It.\n\n" + form)) == [ANYTHING]


@pytest.mark.parametrize("form", FORMS)
def test_text_stands_for_no_section(form: str) -> None:
    assert meanings(f"{form}\n\nMore.\n") == ["text"]
    assert meanings(PARAMETERS.format(f"y : int\n    {form}")) == ["text"]


@pytest.mark.parametrize(
    "line",
    [
        *("{'a', 'b'} : str", "{array-like, None}", "$x$ is", "%timeit f()", "100 %", "%sx", "{ }"),
        *("{1, 2}", "${", "a %(b)s"),
    ],
)
def test_what_is_no_placeholder(line: str) -> None:
    assert meanings(PARAMETERS.format(line)) == []


def test_code_has_no_placeholders() -> None:
    assert meanings("Do::\n\n    {x}\n\nMore.\n") == []
