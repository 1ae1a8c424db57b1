"""What is otherwise for some files or symbols."""

from __future__ import annotations

import pytest

from detent.audit.selection.overrides import (
    IGNORED,
    REQUIRED,
    SELECTED,
    compile_override,
    decide_action,
    measure_longest_prefix,
)
from detent.config import Override


@pytest.mark.parametrize(
    ("prefixes", "length"),
    [((), -1), (("PR02",), -1), (("ALL",), 0), (("ALL", "P", "PR0"), 3), (("PR01",), 4)],
)
def test_longest(prefixes: tuple[str, ...], length: int) -> None:
    assert measure_longest_prefix("PR01", prefixes) == length


@pytest.mark.parametrize(
    ("glob", "name", "expected"),
    [
        ("pkg.mod.f", "pkg.mod.f", True),
        ("pkg.mod.f", "src.pkg.mod.f", True),
        ("pkg.mod.f", "srcpkg.mod.f", False),
        ("Model.*", "src.pkg.mod.Model.fit", True),
        ("Model.*", "src.pkg.mod.Model.fit.inner", True),
        ("Model.*", "src.pkg.mod.Model", False),
        ("_*", "src.pkg.mod._help", True),
        ("_*", "src.pkg.mod.fit_", False),
        ("?et_[xy]", "pkg.mod.get_y", True),
        ("*.__init__", "pkg.mod.C.__init__", True),
        ("mod", "pkg.mod", True),
        ("mod", "pkg.mod.f", False),
        ("*", "", True),
        ("a.b", "a+b", False),
    ],
)
def test_names(glob: str, name: str, expected: bool) -> None:
    assert compile_override(Override(symbols=("nothing", glob))).is_for_name(name) is expected


# Tried in every way, each of these would take longer than the world is old.
@pytest.mark.parametrize("glob", ["*a" * 60 + "*b", "*.a*" * 40 + "b", "?*" * 40 + "z", "a*" * 90])
@pytest.mark.parametrize("name", ["a" * 3000, "a." * 1500, "aa." * 500 + "c"])
def test_no_glob_blows_up(glob: str, name: str) -> None:
    assert compile_override(Override(symbols=(glob,))).is_for_name(name) in (
        True,
        False,
    )


def test_paths_and_kinds() -> None:
    override = compile_override(Override(("src/**", "a.py"), ("class", "method")))
    assert [override.is_for_path(path) for path in ("src/x/b.py", "a.py", "b.py")] == [
        True,
        True,
        False,
    ]
    assert [override.is_for_role(role) for role in ("class", "function")] == [True, False]
    assert compile_override(Override()).is_for_path("anything.py")


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        (Override(ignore=("PR",)), IGNORED),
        (Override(select=("PR",)), SELECTED),
        (Override(select=("PR",), ignore=("PR01",)), IGNORED),
        (Override(select=("PR01",), ignore=("PR",)), SELECTED),
        (Override(select=("PR",), ignore=("PR",)), IGNORED),
        (Override(kinds=("private",), select=("ALL",)), REQUIRED),
        (Override(symbols=("x",), select=("ALL",)), SELECTED),
        (Override(select=("GL",), ignore=("SS",)), None),
    ],
)
def test_what_one_says(override: Override, expected: str | None) -> None:
    assert compile_override(override).decide_action("PR01") == expected


def test_the_last_one_that_says_something_decides() -> None:
    overrides = [
        compile_override(Override(ignore=("PR", "GL"))),
        compile_override(Override(select=("PR01",), kinds=("function",))),
        compile_override(Override(ignore=("SS",))),
    ]
    assert decide_action(overrides, "PR01", "function") == REQUIRED
    assert decide_action(overrides, "PR01", "class") == IGNORED
    assert decide_action(overrides, "GL08", "function") == IGNORED
    assert decide_action(overrides, "YD01", "function") is None
