from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.support import places, symbols
from detent.audit.parse.positions import build_locator, find_literal_end, list_plain_runs
from detent.core.model import Docstring


def docstring(source: str, line: int = 1, column: int = 1) -> Docstring:
    return Docstring(ast.literal_eval(source), source, line, column)


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("source", "row", "column", "expected"),
    [
        ('"""abc"""', 0, 0, (7, 8)),
        ('"""abc"""', 0, 3, (7, 11)),
        ('r"""a\\bc"""', 0, 3, (7, 12)),
        ('"""a\n\tb"""', 1, 1, (8, 2)),
        ('"abc"', 0, 1, (7, 7)),
        ('"""a\\\\bc"""', 0, 2, (7, 11)),
        ('"""a\\nbc"""', 1, 1, (7, 12)),
        ('"""a\\\n  bc"""', 0, 3, (8, 3)),
        ('"""a\\x41\\u0041\\N{LATIN SMALL LETTER A}b"""', 0, 4, (7, 43)),
        ('"""a\\qb\\n"""', 0, 3, (7, 11)),
        ('"""a\\"""" r"b\\"c"', 0, 4, (7, 19)),
        ('("ab" # "no"\n "cd")', 0, 2, (8, 3)),
        ('("ab"\n\n  u"cd")', 0, 3, (9, 6)),
        ('"""a\\n"""', 1, 0, (7, 11)),
        ('"""a\\n"""', 9, 9, (7, 11)),
    ],
)
def test_places(source: str, row: int, column: int, expected: tuple[int, int]) -> None:
    assert build_locator(docstring(source, 7, 5))(row, column) == expected


ATOMS = ["a", "b ", "\n", "\t", "\\n", "\\\n", "\\\\", "\\x41", "\\'", '\\"', "\\101", "\\q", "é"]
LITERAL = st.builds(
    lambda prefix, atoms: f'{prefix}"""{"".join(atoms)}"""',
    st.sampled_from(["", "r", "u", "R"]),
    st.lists(st.sampled_from(ATOMS), max_size=12),
)


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
@given(st.lists(LITERAL, min_size=1, max_size=3))
def test_every_plain_character_is_found_where_it_stands(literals: list[str]) -> None:
    written = docstring(" ".join(literals), 3, 9)
    at = build_locator(written)
    lines = (" " * 8 + written.source).split("\n")
    places = []
    for row, line in enumerate(written.text.split("\n")):
        for column, char in enumerate(line):
            number, position = at(row, column)
            seen = lines[number - 3][position - 1]
            assert seen in (char, "\\")
            places.append((number, position))
    assert places == sorted(set(places))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('"""ab"""', [(0, 3, 2)]),
        ("R'a\\nb'", [(0, 2, 4)]),
        ('"a\\nb"', [(0, 1, 1), (2, 4, 1)]),
        ('"""a\\\nb"""', [(0, 3, 1), (1, 6, 1)]),
        ('"\\x41"', [(0, 1, 0), (1, 5, 0)]),
        ('"a" "b"', None),
        ("x", None),
    ],
)
def test_pieces_stand_for_themselves(
    source: str, expected: list[tuple[int, int, int]] | None
) -> None:
    assert list_plain_runs(source) == expected


@pytest.mark.parametrize(
    ("source", "end"),
    [('"a" + b', 3), ('r"\\"" c', 5), ('"""a"""b"""', 7), ('"""a""', 0), ("a", 0), ("''", 2)],
)
def test_where_a_literal_ends(source: str, end: int) -> None:
    assert find_literal_end(source) == end


def test_columns_count_characters_after_crlf_and_wide_ones() -> None:
    source = 'class A:\r\n    def é(self):\r\n        """é. Dö\r\n\r\n        Parameters\r\n'
    source += '        ----------\r\n        ä : int\r\n        """\r\n'
    assert places(source, "PR02") == [(7, 9, "ä")]
    assert places(source, "SS03") == [(3, 16, "")]


def test_a_docstring_in_pieces() -> None:
    source = 'def f():\n    ("Do \\t"  # why\n     "it")\n'
    assert symbols(source)[1].docstring is not None
    assert places(source, "SS03") == [(3, 8, "")]
