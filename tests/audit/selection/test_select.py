from __future__ import annotations

import pytest
from numpydoc.validate import ERROR_MSGS

from audit.support import findings, function, symbols
from detent.audit.codes import OPTIONAL, get_default_severity, list_presets_with
from detent.audit.rules import RULES
from detent.audit.selection.select import DEFAULT_MISSING, KINDS, Selection
from detent.config import PRESETS, AuditOptions, Override, load_config
from detent.core.model import Finding
from detent.index.project import make_selection

PATH = "pkg/mod.py"
OURS = [f"DT{kind}" for kind in range(1, 9)]
FILES = {code for code in RULES if code.startswith("DT9")}
SECTIONS = "Do.\n\nParameters\n----------\nx : int\n    It.\n"


def kept(source: str, selection: Selection | None = None, path: str = PATH) -> set[tuple[str, str]]:
    listed = symbols(source)
    chosen = selection or Selection()
    return {
        (listed[f.symbol].qualname, f.code)
        for f in findings(source)
        if chosen.resolve_file(path).counts(f, listed[f.symbol])
    }


def needs(source: str, selection: Selection | None = None, path: str = PATH) -> set[str]:
    chosen = selection or Selection()
    return {s.qualname for s in symbols(source) if chosen.resolve_file(path).needs_docstring(s)}


def test_disputed_rules_are_off() -> None:
    selection = Selection()
    assert {code for code in RULES if not selection.is_selected(code)} == OPTIONAL
    assert selection.is_selected("DT902")


@pytest.mark.parametrize(
    ("select", "ignore", "expected"),
    [
        (("PR01",), (), {"PR01"}),
        (("YD", "RT0"), ("RT",), {"YD01", "RT01", "RT02", "RT03", "RT04", "RT05"}),
        (("YD", "ES"), ("YD", "ES01"), set()),
        (("ALL",), ("GL", "SS", "PR", "RT", "SA", *OURS), {"ES01", "EX01", "YD01"}),
        ((), (), set()),
        (None, ("GL", "SS", "PR", "RT", "SA0", *OURS), {"YD01"}),
    ],
)
def test_select_and_ignore(
    select: tuple[str, ...] | None, ignore: tuple[str, ...], expected: set[str]
) -> None:
    selection = Selection(select=select, ignore=ignore)
    assert {code for code in RULES if selection.is_selected(code)} == expected | FILES


EVERY_KIND = """
__all__ = ["C", "function"]
class C:
    def __init__(self, x): pass
    def method(self): pass
    def __len__(self): pass
    def _private(self): pass
    @property
    def p(self): pass
    @p.setter
    def p(self, x): pass
    @p.deleter
    def p2(self): pass
    @typing.overload
    def o(self): pass
def function():
    def inner(): pass
class _P:
    def method(self): pass
def test_it(): pass
def unlisted(): pass
class U:
    def __init__(self, x): pass
    def method(self): pass
"""
BY_KIND: dict[str, set[str]] = {
    "module": {""},
    "class": {"C"},
    "init": {"C.__init__", "U.__init__"},
    "method": {"C.method", "C.p"},
    "dunder": {"C.__len__"},
    "private": {"C._private", "_P", "_P.method"},
    "setter": {"C.p", "C.p2"},
    "overload": {"C.o"},
    "function": {"function"},
    "nested": {"function.inner"},
    "test": {"test_it"},
    "unlisted": {"unlisted", "U", "U.method"},
    "override": set(),
}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_missing_docstrings_by_kind(kind: str) -> None:
    selection = Selection(missing=frozenset({kind}))
    assert needs(EVERY_KIND, selection) == BY_KIND[kind]
    assert {name for name, code in kept(EVERY_KIND, selection) if code == "GL08"} == BY_KIND[kind]


def test_public_symbols_need_a_docstring() -> None:
    public = {"", "C", "C.method", "C.p", "function"}
    assert needs(EVERY_KIND) == public | BY_KIND["unlisted"]


def test_numpydoc_asks_for_all_but_setters_and_overloads() -> None:
    found = needs(EVERY_KIND, Selection(numpydoc=True))
    assert found == set().union(*BY_KIND.values()) - {"C.p2", "C.o"}
    more = Selection(numpydoc=True, missing=frozenset({"overload", "setter"}))
    assert needs(EVERY_KIND, more) == found | {"C.p2", "C.o"}


def test_a_documented_symbol_needs_one_too() -> None:
    assert needs('"""M."""\ndef f():\n    """Do."""\n') == {"", "f"}


def test_an_empty_module_and_a_stub_need_none() -> None:
    assert needs("# nothing\n") == set()
    assert needs("def f(): ...\n", path="pkg/mod.pyi") == set()
    assert kept("def f(): ...\n", path="pkg/mod.pyi") == set()


@pytest.mark.parametrize(
    "source",
    [
        function("does it", "x", "return 1").replace("def f", "def _f"),
        "@overload\n" + function("does it", "x"),
        "@p.setter\n" + function("does it", "x"),
        function("does it", "x", "yield 1").replace("def f", "def test_f"),
    ],
)
def test_a_note_on_what_is_not_public_is_welcome(source: str) -> None:
    assert kept('"""M."""\n' + source) == set()


def test_what_is_written_is_judged_everywhere() -> None:
    private = function(SECTIONS, "x, y", "return 1").replace("def f", "def _f")
    assert kept('"""M."""\n' + private) == {("_f", "PR01"), ("_f", "RT01")}
    wrong = function(SECTIONS, "y").replace("def f", "def _f")
    assert kept('"""M."""\n' + wrong) == {("_f", "PR01"), ("_f", "PR02")}
    notes = function("Do.\n\nNotes\n-----\nIt.\n", "x", "return 1").replace("def f", "def _f")
    assert kept('"""M."""\n' + notes) == set()


def test_a_kind_that_needs_docstrings_is_judged_in_full() -> None:
    source = '"""M."""\n' + function("do it", "x").replace("def f", "def _f")
    selection = Selection(missing=DEFAULT_MISSING | {"private"})
    assert kept(source, selection) == {("_f", code) for code in ("PR01", "SS02", "SS03")}
    assert kept(source, Selection(numpydoc=True)) == kept(source, selection)


@pytest.mark.parametrize(
    "path",
    [
        "tests/a.py",
        "pkg/tests/sub/a.py",
        "test_a.py",
        "pkg/test_a.py",
        "pkg/a_test.py",
        "conftest.py",
        "test/a.py",
        "pkg/test/sub/a.py",
        "pkg/unit_tests/a.py",
        "pkg/tests.py",
        "pkg/a_tests.py",
    ],
)
def test_tests_are_left_out(path: str) -> None:
    assert kept(EVERY_KIND, path=path) == set()
    assert needs(EVERY_KIND, path=path) == set()
    included = Selection(exclude=())
    assert needs(EVERY_KIND, included, path) == set()
    asked = Selection(exclude=(), missing=frozenset({"test"}))
    assert needs(EVERY_KIND, asked, path) >= {"", "C", "function"}


@pytest.mark.parametrize(
    "path",
    [
        "benchmarks/benchmarks/a.py",
        "asv_bench/benchmarks/a.py",
        "setup.py",
        "pkg/linalg/setup.py",
        "versioneer.py",
        "doc/conf.py",
        "docs/source/conf.py",
        "astropy/extern/ply/lex.py",
        "sklearn/externals/a.py",
        "pkg/_vendor/a.py",
        "pkg/vendored/sub/a.py",
        "third_party/a.py",
    ],
)
def test_what_scientific_repositories_have_is_left_out(path: str) -> None:
    assert kept(EVERY_KIND, path=path) == set()
    # They are no tests: without `exclude`, they are judged like all others.
    included = Selection(exclude=())
    assert needs(EVERY_KIND, included, path) == needs(EVERY_KIND, path="pkg/a.py")
    assert kept(EVERY_KIND, Selection(exclude=("other",)), path) != set()


@pytest.mark.parametrize(
    "path",
    [
        "numpy/testing/a.py",
        "pkg/conf.py",
        "pkg/contest.py",
        "pkg/latest.py",
        "pkg/setup_tools.py",
        "pkg/external_data.py",
        "docs/a.py",
        "pkg/benchmark.py",
    ],
)
def test_what_only_looks_like_it_is_judged(path: str) -> None:
    assert kept(EVERY_KIND, path=path) != set()


@pytest.mark.parametrize("title", ["Algorithm", "Example notes"])
def test_sections_of_a_project(title: str) -> None:
    line = "-" * len(title)
    module = f'def f():\n    """Do it.\n\n    {title}\n    {line}\n    It.\n    """\n'
    assert ("f", "GL06") in kept(module)
    assert ("f", "GL06") not in kept(module, Selection(sections=frozenset({title})))
    assert ("f", "GL06") in kept(module, Selection(sections=frozenset({title.lower()})))


@pytest.mark.parametrize(
    ("glob", "path", "expected"),
    [
        ("docs", "docs/a.py", True),
        ("docs/", "pkg/docs/a.py", True),
        ("/docs", "docs/a.py", True),
        ("pkg/docs", "pkg/docs/a.py", True),
        ("pkg/docs", "x/pkg/docs/a.py", False),
        ("doc", "docs/a.py", False),
        ("*.py", "pkg/a.py", True),
        ("pkg/*.py", "pkg/sub/a.py", False),
        ("pkg/**", "pkg/sub/a.py", True),
        ("pkg/**/a.py", "pkg/a.py", True),
        ("pkg/**/a.py", "pkg/x/y/a.py", True),
        ("**/a?.py", "ab.py", True),
        ("_[!v]*.py", "_a.py", True),
        ("_[!v]*.py", "_version.py", False),
        ("a.py", "aXpy", False),
        ("a+(b).py", "a+(b).py", True),
        ("[", "[", True),
        ("/", "a.py", False),
    ],
)
def test_exclude(glob: str, path: str, expected: bool) -> None:
    selection = Selection(exclude=(glob,))
    assert (kept("def f(): pass\n", selection, path) == set()) is expected


def test_numpydocs_exclude_is_searched_in_stem_and_name() -> None:
    selection = Selection(numpydoc=True, exclude_names=(r"^mod\.C\._", r"\.function$"))
    found = {name for name, code in kept(EVERY_KIND, selection) if code == "GL08"}
    assert "C.method" in found
    assert "C.__len__" not in found
    assert found.isdisjoint({"C.__init__", "C._private", "function"})
    module = Selection(numpydoc=True, exclude_names=("^mod$",))
    assert ("", "GL08") not in kept(EVERY_KIND, module)


def test_numpydocs_exclude_files_is_matched_from_the_start() -> None:
    assert kept("def f(): pass\n", Selection(exclude_files=("pkg/",))) == set()
    assert kept("def f(): pass\n", Selection(exclude_files=("mod",))) != set()


def test_numpydocs_overrides_are_searched_in_the_docstring() -> None:
    source = '"""M."""\n' + function("\nreturn it\n")
    selection = Selection(docstring_overrides={"SS03": (r"^return it$",), "SS02": ()})
    assert kept(source, selection) == {("f", "SS02")}
    assert kept("def f(): pass\n", Selection(docstring_overrides={"GL08": (".",)})) != set()


def test_findings_about_the_file_itself_follow_select_and_exclude() -> None:
    (module,) = symbols('"""M."""\n')
    broken = Finding(0, "DT902", 1, 1, "", "syntax error")
    assert Selection().resolve_file(PATH).counts(broken, module)
    assert Selection(select=("PR01",)).resolve_file(PATH).counts(broken, module)
    assert not Selection(ignore=("DT",)).resolve_file(PATH).counts(broken, module)
    assert not Selection().resolve_file("tests/data/bad.py").counts(broken, module)


def test_selections_of_equal_settings_are_equal() -> None:
    assert Selection(ignore=("PR01",)) == Selection(ignore=("PR01",)) != Selection()


# ---- what is otherwise for some files or symbols

PER_FILE = Selection(overrides=(Override(("scripts/**",), ignore=("GL08",)),))


def test_per_file_ignores() -> None:
    source = EVERY_KIND + function("Do it")
    assert kept(source, PER_FILE, "scripts/a.py") == {("f", "SS03")}
    assert kept(source, PER_FILE) == kept(source)
    # What need not be there is not counted as missing.
    assert needs(source, PER_FILE, "scripts/a.py") == set()
    assert needs(source, PER_FILE) == needs(source)


def test_an_override_by_name() -> None:
    local = (Override(symbols=("mod.C.*", "mod.unlisted"), ignore=("GL08",)),)
    found = kept(EVERY_KIND, Selection(overrides=local))
    assert {name for name, _ in found} == {"", "C", "function", "U", "U.method"}
    assert kept(EVERY_KIND, Selection(overrides=local), "pkg/other.py") == kept(EVERY_KIND)


def test_a_package_is_named_without_its_init() -> None:
    local = (Override(symbols=("src.pkg.f", "src.pkg"), ignore=("GL08",)),)
    source = "def f(): pass\ndef g(): pass\n"
    found = kept(source, Selection(overrides=local), "src/pkg/__init__.py")
    assert found == {("g", "GL08")}
    assert kept(source, Selection(overrides=local), "src/pkg/my__init__.py") != found


@pytest.mark.parametrize("kind", sorted(KINDS - {"test", "override"}))
def test_a_kind_that_an_override_names_is_meant(kind: str) -> None:
    local = (Override(kinds=(kind,), select=("GL08",)),)
    selection = Selection(missing=frozenset(), overrides=local)
    assert needs(EVERY_KIND, selection) == BY_KIND[kind]
    assert {name for name, code in kept(EVERY_KIND, selection) if code == "GL08"} == BY_KIND[kind]
    ignored = Selection(overrides=(Override(kinds=(kind,), ignore=("GL08",)),))
    assert needs(EVERY_KIND, ignored) == needs(EVERY_KIND) - BY_KIND[kind] | (
        # Named twice in the source: as a property, and as its setter.
        {"C.p"} if kind == "setter" else set()
    )


def test_a_kind_is_judged_in_full_for_what_is_selected() -> None:
    source = '"""M."""\n' + function("do it", "x").replace("def f", "def _f")
    assert kept(source) == set()
    private = (Override(kinds=("private",), select=("SS03", "PR01")),)
    assert kept(source, Selection(overrides=private)) == {("_f", "SS03"), ("_f", "PR01")}
    # By name or path a rule is selected as it is at the top.
    named = (Override(symbols=("*._f",), select=("SS03", "EX01")),)
    assert kept(source, Selection(overrides=named)) == set()


def test_a_rule_that_is_off_counts_where_an_override_selects_it() -> None:
    source = '"""M."""\n' + function("Do it.")
    selection = Selection(overrides=(Override(("pkg/**",), select=("EX01",)),))
    assert kept(source, selection) == {("f", "EX01")}
    assert kept(source, selection, "other/mod.py") == set()
    assert not selection.is_selected("EX01")


def test_file_problems_can_be_ignored_in_some_files() -> None:
    (module,) = symbols('"""M."""\n')
    broken = Finding(0, "DT902", 1, 1, "", "syntax error")
    selection = Selection(overrides=(Override(("templates/**",), ignore=("DT902",)),))
    assert not selection.resolve_file("templates/a.py").counts(broken, module)
    assert selection.resolve_file(PATH).counts(broken, module)


def test_overrides_under_numpydocs_settings() -> None:
    local = (Override(kinds=("setter",), select=("GL08",)), Override(("x/**",), ignore=("ALL",)))
    selection = Selection(numpydoc=True, exclude_names=(r"p2$",), overrides=local)
    assert "C.p" in needs(EVERY_KIND, selection)
    assert "C.p2" not in needs(EVERY_KIND, selection)
    assert kept(EVERY_KIND, selection, "x/mod.py") == set()


# ---- severities and presets


@pytest.mark.parametrize(
    ("severities", "code", "expected"),
    [
        ({}, "PR01", "error"),
        ({}, "DT902", "error"),
        ({"PR": "warning"}, "PR01", "warning"),
        ({"PR": "warning"}, "GL08", "error"),
        ({"ALL": "warning"}, "DT902", "warning"),
        ({"PR01": "error", "ALL": "warning", "PR": "warning"}, "PR01", "error"),
        ({"PR01": "error", "ALL": "warning", "PR": "warning"}, "PR02", "warning"),
    ],
)
def test_severity(severities: dict[str, str], code: str, expected: str) -> None:
    assert Selection(severities=severities).get_severity(code) == expected


def test_a_rules_own_severity_holds_unless_it_is_set() -> None:
    for code in RULES:
        assert Selection().get_severity(code) == get_default_severity(code)


def chosen(preset: str) -> set[str]:
    selection = make_selection(load_config("/nowhere", AuditOptions(preset)))
    return {code for code in RULES if selection.is_selected(code)}


def test_presets() -> None:
    assert chosen("default") == set(RULES) - OPTIONAL
    assert chosen("numpydoc") == set(ERROR_MSGS) | FILES
    assert chosen("strict") > chosen("default")
    assert chosen("strict") >= {"RT02", "DT801"}
    assert chosen("strict").isdisjoint({"ES01", "SA01", "EX01"})
    for preset in PRESETS:
        assert {code for code in RULES if preset in list_presets_with(code)} == chosen(preset)


def test_numpydocs_preset_judges_everything() -> None:
    selection = make_selection(load_config("/nowhere", AuditOptions("numpydoc")))
    assert selection.numpydoc
    assert selection.is_audited("tests/test_a.py")
    assert needs(EVERY_KIND, selection, "tests/test_a.py") == needs(
        EVERY_KIND, Selection(numpydoc=True)
    )


@pytest.mark.parametrize(
    ("preset", "counts"), [("default", False), ("strict", False), ("numpydoc", True)]
)
def test_what_only_numpydoc_finds(preset: str, *, counts: bool) -> None:
    selection = make_selection(load_config("/nowhere", AuditOptions(preset)))
    module = '"""Calendar tools.\n\nArithmetic\n----------\nIt.\n"""\n'
    assert ("GL06" in {code for _, code in kept(module, selection)}) == counts


MADE = '''"""Do things."""
@{}
def made(x):
    """do it %(x)s"""
@{}
def bare(x): ...
@{}
class Made:
    def method(self): ...
'''


@pytest.mark.parametrize(
    ("decorator", "names", "expected"),
    [
        ("doc", {"doc"}, True),
        ("doc(klass='x', y=(1, 2))", {"doc"}, True),
        ("util.doc", {"doc"}, True),
        ("util.doc(1)", {"util.doc"}, True),
        ("util.doc", {"other", "doc"}, True),
        ("doc", {"util.doc"}, False),
        ("other.doc", {"util.doc"}, False),
        ("doc.x", {"doc"}, False),
        ("docs", {"doc"}, False),
        ("other(doc)", {"doc"}, False),
        ("doc", set(), False),
    ],
)
def test_what_a_decorator_documents_is_left_alone(
    decorator: str, names: set[str], *, expected: bool
) -> None:
    selection = Selection(doc_decorators=frozenset(names))
    source = MADE.format(decorator, decorator, decorator)
    touched = {"made", "bare", "Made"}
    assert touched.isdisjoint(name for name, _ in kept(source, selection)) == expected
    assert touched.isdisjoint(needs(source, selection)) == expected
    assert ("Made.method", "GL08") in kept(source, selection)


def test_problems_of_a_file_do_not_depend_on_decorators() -> None:
    selection = Selection(doc_decorators=frozenset({"doc"}))
    finding = Finding(1, "DT902", 1, 1, "", "syntax error")
    assert selection.resolve_file("a.py").counts(finding, symbols("@doc\ndef f(): pass\n")[1])
