"""Globs: what they fit, against a matcher that tries everything, and that none can blow up."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.core.globs import compile_globs, has_match


def fits_slowly(names: list[str], parts: list[str]) -> bool:
    """Match the names of a glob with those of a path by trying every way."""
    if not names:
        return True
    if names[0] == "**":
        return bool(parts) and (fits_slowly(names[1:], parts) or fits_slowly(names, parts[1:]))
    if not parts or not name_fits(names[0], parts[0]):
        return False
    return fits_slowly(names[1:], parts[1:])


def name_fits(glob: str, name: str) -> bool:
    if not glob:
        return not name
    if glob[0] == "*":
        return name_fits(glob[1:], name) or bool(name and name_fits(glob, name[1:]))
    return bool(name) and glob[0] in ("?", name[0]) and name_fits(glob[1:], name[1:])


NAMES = st.text("ab*?", min_size=1, max_size=4).map(lambda name: re.sub(r"\*\*+", "*", name))
GLOBS = st.lists(st.one_of(NAMES, st.just("**")), min_size=1, max_size=6)
PATHS = st.lists(st.text("ab", min_size=1, max_size=4), min_size=1, max_size=6)


@given(GLOBS, PATHS)
def test_a_glob_fits_what_trying_every_way_fits(names: list[str], parts: list[str]) -> None:
    anywhere = ["**"] if len(names) == 1 else []
    assert has_match(("/".join(names),), "/".join(parts)) == fits_slowly([*anywhere, *names], parts)


@pytest.mark.parametrize(
    ("glob", "path", "expected"),
    [
        ("pkg/a**", "pkg/ab", True),
        ("pkg/a**", "pkg/ab/c", True),
        ("pkg/a**/c", "pkg/ab/x/c", True),
        ("pkg/**b.py", "pkg/x/ab.py", True),
        ("pkg/**b.py", "pkg/b.py", True),
        ("pkg/a**b", "pkg/a/b", False),
        ("pkg/a**b", "pkg/axb", True),
        ("a[+-9]b", "a/b", False),
        ("a[!x]b", "a/b", False),
        ("a?b", "a/b", False),
        ("**", "a/b", True),
        ("pkg/**", "pkg", False),
        ("a*", "x/a\nb", True),
        ("a//b", "a/b", False),
    ],
)
def test_corners(glob: str, path: str, expected: bool) -> None:
    assert has_match((glob,), path) is expected


def test_one_of_several_is_enough() -> None:
    assert has_match(("*a*b", "/", "c/**/d*e"), "c/x/dde")
    assert not has_match((), "a")
    assert not has_match(("", "///"), "a")


def test_a_set_that_is_none() -> None:
    with pytest.raises(re.error):
        compile_globs(("[z-a]",))


HOSTILE = ["*a" * 60 + "*b", "**/*a" * 30 + "/b", "**/*a*a*a/" * 20 + "b", "?*" * 40 + "z"]


# Tried in every way, each of these would take longer than the world is old.
@pytest.mark.parametrize("glob", HOSTILE)
@pytest.mark.parametrize("path", ["a" * 4000, "aaa/" * 1000 + "c"])
def test_no_glob_blows_up(glob: str, path: str) -> None:
    assert not has_match((glob,), path)
