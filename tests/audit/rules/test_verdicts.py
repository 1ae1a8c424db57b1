"""Where detent has another opinion than numpydoc: in its own presets, and with its settings."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from ..support import both, findings, function, own

PARAMETERS = "\n\nParameters\n----------\n"
OTHER = "\n\nOther Parameters\n----------------\n"


@pytest.mark.parametrize("blank", ["\n\n", "\n\n\n", "\n    \n", "\n\n\n\n"])
def test_blank_lines_before_the_closing_quotes_are_one_finding(blank: str) -> None:
    source = f'def f():\n    """Do it.\n\n    More text.{blank}    """\n'
    assert both(source, "GL02", "GL03") == (["GL02"], ["GL03", "GL02"])
    assert {finding.message for finding in findings(source, "GL02", "GL03")} == {
        "Blank line before the closing quotes"
    }


def test_two_blank_lines_and_one_at_the_end_are_two_findings() -> None:
    source = 'def f():\n    """Do it.\n\n\n    More text.\n\n    """\n'
    assert own(source, "GL02", "GL03") == ["GL03", "GL02"]
    (found, _) = findings(source, "GL03")
    assert found.message == "More than one blank line in a row"


SENTENCES = [
    "面積を計算する。",
    "計算する｡",
    "यह करता है।",
    "یہ کرتا ہے۔",
    "እንዲህ ያደርጋል።",
    "მოქმედებს.",
    "حساب المساحة؟",
    "計算するか？",
    "「計算する。」",
    "計算する（面積。）",
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_sentences_in_other_scripts(sentence: str) -> None:
    text = (
        f"{sentence}{PARAMETERS}x : int\n    {sentence}\n\n"
        f"Returns\n-------\nint\n    {sentence}\n\nSee Also\n--------\ng : {sentence}\n"
    )
    codes = ("SS02", "SS03", "PR08", "PR09", "RT04", "RT05", "SA02", "SA03")
    default, numpydoc = both(function(text, "x", "return x"), *codes)
    assert default == []
    assert "SS02" in numpydoc or sentence[0] == "「"


@pytest.mark.parametrize("sentence", ["Is it so?", "Stop!", "Do it (only on Linux.)"])
def test_other_ends_of_sentences(sentence: str) -> None:
    assert both(function(sentence), "SS03") == ([], ["SS03"])


@pytest.mark.parametrize("letter", ["ä", "é", "ж", "α", "ǆ", "ß"])
def test_small_letters_that_have_a_capital(letter: str) -> None:
    assert own(function(f"{letter}bc."), "SS02") == ["SS02"]


@pytest.mark.parametrize("text", ["面積", "Do it", "Do it 。x"])
def test_no_end_of_a_sentence(text: str) -> None:
    assert own(function(text), "SS03") == ["SS03"]


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
@pytest.mark.parametrize("name", ["é", "ﬁt", "ｘ", "µ"])
def test_names_are_compared_as_python_does(name: str, form: Any) -> None:
    written = unicodedata.normalize(form, name)
    source = function(f"Do it.{PARAMETERS}{written} : int\n    It.", name)
    assert own(source, "PR01", "PR02") == []
    attributes = f"Do it.\n\nAttributes\n----------\n{written} : int\n    It.\n"
    source = f'class A:\n    """{attributes}"""\n    {name} = 1\n'
    assert own(source, "DT401", "DT402") == []


@pytest.mark.parametrize(
    "annotation",
    ["None", '"None"', "NoReturn", "typing.NoReturn", "t.Never", "'typing.Never'", "Never"],
)
@pytest.mark.parametrize("keyword", ["", "async "])
def test_nothing_is_returned_by_the_annotation(annotation: str, keyword: str) -> None:
    source = f'{keyword}def f() -> {annotation}:\n    """Do it."""\n    return g()\n'
    assert both(source, "RT01") == ([], ["RT01"])


@pytest.mark.parametrize("annotation", ["int", "Optional[None]", "None | int", '"Nonesuch"'])
def test_something_may_be_returned_by_the_annotation(annotation: str) -> None:
    source = f'def f() -> {annotation}:\n    """Do it."""\n    return g()\n'
    assert own(source, "RT01") == ["RT01"]


RETURNS = "Do it.\n\nReturns\n-------\n{}\n    It.\n"


@pytest.mark.parametrize(
    ("result", "default"),
    [("list", ["DT204"]), ("edges : iterator", []), ("generator of int", []), ("iterable", [])],
)
def test_a_generator_with_returns_is_one_finding(result: str, default: list[str]) -> None:
    source = function(RETURNS.format(result), body="yield 1")
    found, numpydoc = both(source, "YD01", "DT204")
    assert found == default
    assert "YD01" in numpydoc


def test_a_generator_that_returns_documents_both() -> None:
    assert own(function(RETURNS.format("int"), body="yield 1; return 1"), "YD01") == ["YD01"]


@pytest.mark.parametrize("name", ["_", "__", "_frame", "*_rest", "**_kwargs"])
def test_unused_parameters(name: str) -> None:
    source = function(f"Do it.{PARAMETERS}x : int\n    It.", f"x, {name}")
    assert both(source, "PR01") == ([], ["PR01"])
    # What is documented is checked.
    source = function(f"Do it.{PARAMETERS}{name} : int\n    it\nx : int\n    It.", f"x, {name}")
    assert own(source, "PR01", "PR02", "PR03", "PR08") == ["PR03", "PR08"]


METHOD = 'class A:\n    """A."""\n    {}\n    def f({}):\n        """Do.{}"""\n'
X = "\n\n        Parameters\n        ----------\n        x : int\n            It.\n        "


@pytest.mark.parametrize("name", ["this", "_self", "__self__", "s"])
def test_the_first_parameter_of_a_method(name: str) -> None:
    assert both(METHOD.format("", f"{name}, x", X), "PR01") == ([], ["PR01"])
    assert own(METHOD.format("", f"{name}, /, x", X), "PR01") == []
    assert own(METHOD.format("", f"x, {name}", X), "PR01") == ([] if name[0] == "_" else ["PR01"])


@pytest.mark.parametrize("decorator", ["@staticmethod", "@abc.abstractstaticmethod"])
def test_the_first_parameter_of_a_static_method(decorator: str) -> None:
    assert own(METHOD.format(decorator, "this, x", X), "PR01") == ["PR01"]


def test_the_stars_of_a_method_are_no_first_parameter() -> None:
    assert own(METHOD.format("", "*args", ""), "PR01") == ["PR01"]


def test_an_init_without_parameters_needs_no_docstring() -> None:
    source = 'class A:\n    """A."""\n    def __init__(this): pass\n'
    assert own(source, "GL08") == ["GL08"]  # that of the module


KEYS = "timeout : int\n    It.\nretries : int\n    It.\n"


@pytest.mark.parametrize(
    ("text", "default"),
    [
        (f"{PARAMETERS}host : str\n    It.{OTHER}{KEYS}", []),
        (f"{PARAMETERS}host : str\n    It.\n{KEYS}", []),
        (f"{PARAMETERS}host : str\n    It.\n**options\n    It.{OTHER}{KEYS}", []),
        (f"{PARAMETERS}host : str\n    It.\n**options\n    It.\n{KEYS}", ["PR02", "PR02"]),
        (f"{PARAMETERS}hots : str\n    It.{OTHER}{KEYS}", ["PR01", "PR02"]),
        (f"{PARAMETERS}host : str\n    It.\noptions\n    It.", ["PR01", "PR02"]),
        (f"{PARAMETERS}host : str\n    It.", ["PR01"]),
    ],
)
def test_keys_of_kwargs(text: str, default: list[str]) -> None:
    source = function(f"Do it.{text}", "host, **options")
    found, numpydoc = both(source, "PR01", "PR02")
    assert found == default
    assert len(numpydoc) >= len(default)
    without = function(f"Do it.{text}", "host")
    assert own(without, "PR02").count("PR02") == numpydoc.count("PR02") + ("**options" in text)


@pytest.mark.parametrize(
    ("signature", "text", "both_find"),
    [
        (
            "a, b=1, c=2",
            f"{PARAMETERS}a : int\n    It.\nc : int\n    It.{OTHER}b : int\n    It.",
            0,
        ),
        ("a, b", f"{PARAMETERS}b : int\n    It.{OTHER}a : int\n    It.", 0),
        ("a, b, c", f"{PARAMETERS}a : int\n    It.{OTHER}c : int\n    It.\nb : int\n    It.", 1),
        ("image, top, left, height", f"{PARAMETERS}image\nleft\ntop\nheigth", 1),
        ("a, b, c", f"{PARAMETERS}c\na", 1),
        ("a, b, c", f"{PARAMETERS}a\nc", 0),
        ("a, b, c", f"{PARAMETERS}x\na\ny\nc", 0),
        ("a, b", f"{PARAMETERS}a\nb\na", 0),
    ],
)
def test_the_order_within_each_section(signature: str, text: str, both_find: int) -> None:
    assert own(function(f"Do it.{text}", signature), "PR03") == ["PR03"] * both_find


def test_numpydoc_takes_both_sections_for_one_list() -> None:
    text = f"Do it.{PARAMETERS}b : int\n    It.{OTHER}a : int\n    It."
    assert both(function(text, "a, b"), "PR03") == ([], ["PR03"])


def test_a_stub_whose_other_definition_is_documented() -> None:
    body = "try:\n    import a\nexcept ImportError:\n    def f(): ...\nelse:\n    def f():{}\n"
    documented = body.format('\n        """Do it."""')
    assert both(documented, "GL08") == (["GL08"], ["GL08", "GL08"])
    assert own(body.format(" return 1"), "GL08") == ["GL08"] * 3
    real = documented.replace("...", "return 1")
    assert own(real, "GL08") == ["GL08", "GL08"]


@pytest.mark.parametrize(
    "text", ['f"""Do {x}."""', 'b"""Do."""', '"Do %s." % x', '("Do" + x)', '"Do {}.".format(x)']
)
@pytest.mark.parametrize("header", ["def f(x):", "class A:"])
def test_a_string_that_is_no_docstring(header: str, text: str) -> None:
    (_, found) = findings(f"{header}\n    {text}\n    pass\n", "GL08")
    assert found.message == "No docstring: to Python, an f-string, bytes or an expression is none"


@pytest.mark.parametrize("first", ["x = 'a'", "print('a')", "x + 'a'", "pass", "''", "f('a').b"])
def test_other_code_is_no_attempt_at_a_docstring(first: str) -> None:
    (_, found) = findings(f"def f(x):\n    {first}\n    pass\n", "GL08")
    assert found.message == "No docstring"


@pytest.mark.parametrize(
    "text", ["The sum of all values, or nothing", "True if it is so", "It is."]
)
def test_a_sentence_in_the_place_of_the_type(text: str) -> None:
    source = function(f"Do it.\n\nReturns\n-------\n{text}\nor something else.\n", body="return 1")
    (found,) = findings(source, "RT03")
    assert found.message == (
        f'"{text}" is not a type: write the type, and the text indented below it'
    )


def test_a_sentence_behind_the_name() -> None:
    source = function("Do it.\n\nReturns\n-------\nint : The sum.\n", body="return 1")
    assert both(source, "RT02", "RT03") == (["RT03"], ["RT02", "RT03"])


@pytest.mark.parametrize("kind", ["int", "array of float", "ndarray, shape (n, m)", "Series"])
def test_a_type_without_description(kind: str) -> None:
    source = function(f"Do it.\n\nReturns\n-------\n{kind}\nstr\n", body="return 1")
    assert [finding.message for finding in findings(source, "RT03")] == [
        f'Return value "{kind}" is not described',
        'Return value "str" is not described',
    ]


def test_a_colon_with_nothing_behind() -> None:
    source = function(f"Do it.{PARAMETERS}factor:\n    It.", "factor")
    assert both(source, "PR01", "PR02", "PR04", "PR10") == (["PR04"], ["PR04", "PR10"])


def test_a_type_in_a_message_is_without_its_default() -> None:
    source = function(f"Do it.{PARAMETERS}k : str, default 2\n    It.", "k: int = 2")
    (found,) = findings(source, "DT104")
    assert found.message == 'Type of parameter "k" is int in the signature, not str'


def test_a_title_in_angle_brackets() -> None:
    source = function("Do it.\n\nSee Also\n--------\n:meth:`a <b>` : It.\n")
    (found,) = findings(source, "SA04")
    assert found.message.endswith("numpydoc cannot read a title with its target in angle brackets")
    (found,) = findings(function("Do it.\n\nSee Also\n--------\na <b> : It.\n"), "SA04")
    assert not found.message.endswith("brackets")


SLOTS = [
    '("weight", "b")',
    '["weight"]',
    '"weight"',
    '{"weight": "The weight."}',
    '{"weight"}',
    '"weight", "b"',
    '("a",) + ("weight",)',
    '(\n        "wei"\n        "ght",\n    )',
    'tuple(["weight"])',
]


@pytest.mark.parametrize("value", SLOTS)
@pytest.mark.parametrize("target", ["__slots__ =", "__slots__: tuple =", "__slots__ = x ="])
def test_slots_are_attributes(target: str, value: str) -> None:
    text = "Do.\n\n    Attributes\n    ----------\n    {} : int\n{}    "
    source = 'class A:\n    """{}"""\n    {} {}\n'
    described = source.format(text.format("weight", "        It.\n"), target, value)
    assert own(described, "DT401", "DT403") == []
    assert own(source.format(text.format("weight", ""), target, value), "DT403") == ["DT403"]
    unknown = source.format(text.format("height", "        It.\n"), target, value)
    assert own(unknown, "DT401") == ["DT401"]
    assert "DT402" in own(unknown, "DT402")


ENDS = [
    "1. x",
    "+ x",
    "#. x",
    "a) x",
    "* x",
    ".. note:: x",
    ".. math:: x",
    "=== ===\n    a   b\n    === ===",
    "+---+\n    | a |\n    +---+",
    ":a: x",
    ".. [1] X",
]


@pytest.mark.parametrize("end", ENDS)
def test_an_end_that_is_no_sentence(end: str) -> None:
    text = f"It is:\n\n    {end}\n"
    source = f"Do it.{PARAMETERS}x : int\n    {text}\nReturns\n-------\nint\n    {text}"
    assert own(function(source, "x", "return x"), "PR09", "RT05", "SA02") == []
    assert own(function(f"Do it.{PARAMETERS}x : int\n    It is x", "x"), "PR09") == ["PR09"]


NAMES = ["np.array", "k-means", "x", "f(x)", "iOS", "x_y", "width", "ndarray", "rng", "2-D", "a/b"]


@pytest.mark.parametrize("name", NAMES)
def test_a_beginning_that_is_a_name(name: str) -> None:
    text = f"{name} coordinate."
    source = f"{text}{PARAMETERS}width : int\n    {text}\n\nReturns\n-------\nint\n    {text}"
    assert own(function(source, "width", "return 1"), "SS02", "PR08", "RT04") == []
    source = source.replace(f"{name} co", "a co").replace("width co", "the co")
    assert own(function(source, "width", "return 1"), "SS02", "PR08", "RT04")


@pytest.mark.parametrize(
    "text",
    [
        "Args:\n    x: It.\n\nReturns:\n    It.\n",
        ":param x: It.\n:returns: It.\n",
        ":param int x: It.\n:rtype: int\n",
        "@param x: It.\n@return: It.\n",
    ],
)
@pytest.mark.parametrize("blank", ["\n", "\n\n"])
def test_another_style_is_one_finding(text: str, blank: str) -> None:
    source = f'"""M."""\n{function(f"Do it.{blank}{text}", "x", "return 1")}'
    assert own(source) == ["DT501"]
    _, numpydoc = both(source, "PR01", "RT01", "DT501")
    assert {"PR01", "RT01"} <= set(numpydoc)


def test_fields_beside_sections_are_no_other_style() -> None:
    text = f"Do it.{PARAMETERS}x : int\n    It.\n\n:returns: It.\n"
    assert own(function(text, "x, y", "return 1"), "PR01", "RT01", "DT501") == ["RT01", "PR01"]


@pytest.mark.parametrize("title", ["Parameters", "Parameters:"])
@pytest.mark.parametrize("count", [1, 2, 3, 9])
def test_a_short_underline_of_any_length_is_one_finding(title: str, count: int) -> None:
    text = f"Do it.\n\n{title}\n{'-' * count}\nx : int\n    It.\n"
    assert own(f'"""M."""\n{function(text, "x")}') == ["GL06"]


def test_a_title_with_a_colon_over_dashes_for_the_title() -> None:
    text = f"Do it.\n\nParameters:\n{'-' * 10}\nx : int\n    It.\n"
    assert own(f'"""M."""\n{function(text, "x")}') == ["GL06"]
