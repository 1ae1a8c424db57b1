"""Settings: what they give, and what a mistake in them says."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from detent.audit.selection.select import KINDS, Selection
from detent.config import AuditOptions, Config, Limit, load_config
from detent.config.values import SettingsDirectory
from detent.core.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Cli, Sandbox

THEIRS = ("GL", "SS", "ES", "PR", "RT", "YD", "SA", "EX")
OWN, FOREIGN = "[tool.detent]\n", "[tool.numpydoc_validation]\n"


def given(top: Path, **files: str) -> Config:
    for name, text in files.items():
        (top / name.replace("_toml", ".toml").replace("_cfg", ".cfg")).write_text(text, "utf-8")
    return load_config(str(top))


def test_nothing_is_set(tmp_path: Path) -> None:
    nothing = Config(directory=SettingsDirectory(str(tmp_path)))
    assert given(tmp_path) == nothing
    assert given(tmp_path, pyproject_toml="[tool.other]\nx = 1\n") == nothing
    assert Selection(**Config().audit) == Selection()


def test_everything_is_set(tmp_path: Path) -> None:
    text = """
        gate = "touched"
        deadline = 2.5
        select = ["GL", "PR01"]
        ignore = "GL03"
        exclude = ["docs", "**/[a-c]_*.py"]
        missing = ["module", "private"]
        doc-decorators = ["doc", "util.inherit_doc"]
        sections = ["Algorithm", "Tests"]
        [[budget.limit]]
        metric = "docstring.coverage"
        min = 80.5
        paths = "src/**"
        [[budget.limit]]
        metric = "docstring.issues"
        max = 3
        ratchet = "never-worse"
    """
    config = given(tmp_path, detent_toml=text)
    assert config.gate == "touched"
    assert config.deadline == 2.5
    assert tuple(one._replace(place=None) for one in config.limits) == (
        Limit("docstring.coverage", ("src/**",), least=80.5),
        Limit("docstring.issues", most=3, ratchet=True),
    )
    selection = Selection(**config.audit)
    assert selection.select == ("GL", "PR01")
    assert selection.ignore == ("GL03",)
    assert selection.missing == {"module", "private"}
    assert selection.doc_decorators == {"doc", "util.inherit_doc"}
    assert selection.sections == {"Algorithm", "Tests"}
    table = text.replace("[[budget", "[[tool.detent.budget").replace("gate", f"{OWN}gate", 1)
    (tmp_path / "detent.toml").unlink()
    assert given(tmp_path, pyproject_toml=table)[:3] == config[:3]


def test_detent_toml_goes_before_pyproject(tmp_path: Path) -> None:
    config = given(tmp_path, detent_toml="gate = 'all'", pyproject_toml=f"{OWN}gate = 'none'")
    assert config.gate == "all"
    assert given(tmp_path, detent_toml="").gate == "none"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_that_the_audit_knows_can_be_set(tmp_path: Path, kind: str) -> None:
    assert given(tmp_path, detent_toml=f"missing = ['{kind}']").audit["missing"] == {kind}


TABLE = "pyproject.toml [tool.detent]"
LIMIT = f"{OWN}[[tool.detent.budget.limit]]\n"
LINE = re.compile(r"(?<=\.toml):\d+")
METRIC = f"{LIMIT}metric = 'docstring.issues'\n"
MISTAKES = [
    # What is set, where the message says it is, and what the hint names.
    (f"{OWN}gaet = 'new'", f"{TABLE}: unknown key 'gaet'", "'gate'"),
    (f"{OWN}colour = 'red'", f"{TABLE}: unknown key 'colour'", "select, ignore"),
    (f"{OWN}gate = 'knew'", f"{TABLE} gate: unknown value 'knew'", "'new'"),
    (f"{OWN}gate = 3", f"{TABLE} gate: unknown value 3", "new, touched"),
    (f"{OWN}deadline = 0", f"{TABLE} deadline: invalid number of seconds 0", "seconds"),
    (f"{OWN}deadline = nan", f"{TABLE} deadline: invalid number of seconds nan", "seconds"),
    (f"{OWN}deadline = true", f"{TABLE} deadline: invalid number of seconds True", "seconds"),
    (f"{OWN}deadline = '20'", f"{TABLE} deadline: invalid number of seconds '20'", "seconds"),
    (
        f"{OWN}deadline = 90000",
        f"{TABLE} deadline: invalid number of seconds 90000",
        "at most 86400 (a day)",
    ),
    (f"{OWN}gate = ['new']", f"{TABLE} gate: unknown value ['new']", "'new'"),
    (f"{OWN}select = 3", f"{TABLE} select must be a list", "PR01"),
    (f"{OWN}select = ['PR01', 3]", f"{TABLE} select must be a list", "PR01"),
    (f"{OWN}exclude = {{a = 1}}", f"{TABLE} exclude must be a list", "PR01"),
    (f"{OWN}missing = ['methods']", f"{TABLE} missing: unknown value 'methods'", "'method'"),
    (
        f"{OWN}doc-decorators = ['@doc']",
        f"{TABLE} doc-decorators: invalid decorator name '@doc'",
        '"doc"',
    ),
    (
        f"{OWN}doc-decorators = ['doc()']",
        f"{TABLE} doc-decorators: invalid decorator name 'doc()'",
        '"doc"',
    ),
    (
        f"{OWN}doc-decorators = ['a..b']",
        f"{TABLE} doc-decorators: invalid decorator name 'a..b'",
        '"doc"',
    ),
    ("tool = 3  # detent", "pyproject.toml [tool]", "table"),
    ("[tool]\ndetent = 3", TABLE, "table"),
    ("[tool]\ndetent = [1]", TABLE, "table"),
    (f"{OWN}budget = 3", f"{TABLE} budget", "table"),
    (f"{OWN}budget = {{limits = []}}", f"{TABLE} budget: unknown key 'limits'", "'limit'"),
    (f"{OWN}budget = {{limit = 3}}", f"{TABLE} budget.limit", "[[tool.detent.budget.limit]]"),
    (f"{OWN}budget = {{limit = [3]}}", f"{TABLE} budget.limit 1", "table"),
    (f"{LIMIT}max = 3", f"{TABLE} budget.limit 1 has no metric", "docstring.coverage"),
    (METRIC, f"{TABLE} budget.limit 1 has no limit", "ratchet"),
    (
        f"{METRIC}ratchet = 'never'",
        f"{TABLE} budget.limit 1 ratchet: unknown value 'never'",
        "never-worse",
    ),
    (
        f"{METRIC}ratchet = false",
        f"{TABLE} budget.limit 1 ratchet: unknown value False",
        "never-worse",
    ),
    (f"{METRIC}max = '3'", f"{TABLE} budget.limit 1 max: '3'", "number"),
    (f"{METRIC}max = true", f"{TABLE} budget.limit 1 max: True", "number"),
    (f"{METRIC}max = nan", f"{TABLE} budget.limit 1 max: nan", "number"),
    (
        f"{METRIC}max = 1\npaths = ['[z-a]']",
        f"{TABLE} budget.limit 1 paths: invalid glob '[z-a]'",
        "[a-z]",
    ),
    (f"{OWN}exclude = ['a', '[z-a].py']", f"{TABLE} exclude: invalid glob '[z-a].py'", "[a-z]"),
    (f"{METRIC}maximum = 3", f"{TABLE} budget.limit 1: unknown key 'maximum'", "max"),
    (f"{METRIC}max = 1\npaths = 3", f"{TABLE} budget.limit 1 paths", "list"),
    (f"{METRIC}max = 1\n[[tool.detent.budget.limit]]", f"{TABLE} budget.limit 2", "metric"),
    ("[tool.detent", "invalid TOML in pyproject.toml", "table declaration"),
    (f"detent = {'[' * 9999}", "invalid TOML in pyproject.toml", ""),
    (f"{FOREIGN}checks = 3", "[tool.numpydoc_validation] checks", "list"),
    (
        f"{FOREIGN}exclude = ['(']",
        "[tool.numpydoc_validation] exclude: invalid regular expression '('",
        "regular",
    ),
    (
        FOREIGN + "exclude_files = ['a{9999999999}']",
        "exclude_files: invalid regular expression 'a{",
        "regular",
    ),
    (f"{FOREIGN}override_SS05 = ['[']", "override_SS05: invalid regular expression '['", "regular"),
]


@pytest.mark.parametrize(("text", "place", "hint"), MISTAKES)
def test_a_mistake_says_where_it_is_and_what_was_meant(
    tmp_path: Path, text: str, place: str, hint: str
) -> None:
    with pytest.raises(UsageError) as caught:
        given(tmp_path, pyproject_toml=text)
    assert place in LINE.sub("", caught.value.message)
    assert hint in f"{caught.value.message} {caught.value.hint}"
    assert caught.value.message.count("pyproject.toml") == 1


def test_a_mistake_in_detent_toml_is_answered_in_its_own_terms(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        given(tmp_path, detent_toml="budget = {limit = 3}")
    assert caught.value.message.startswith("detent.toml:1 budget.limit")
    assert "[[budget.limit]]" in caught.value.hint


def test_detent_toml_takes_no_heading(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        given(tmp_path, detent_toml="# settings\n[tool.detent]\ngate = 'all'\n")
    assert caught.value.message == (
        "detent.toml:2 tool.detent: detent.toml has its keys at the top level"
    )
    assert "remove [tool.detent]" in caught.value.hint
    with pytest.raises(UsageError, match=r"detent\.toml:1: unknown key 'tool'"):
        given(tmp_path, detent_toml="tool = {other = 1}")


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    for name in ("detent.toml", "setup.cfg"):
        (tmp_path / name).write_bytes(b"[tool:numpydoc_validation]\nchecks = '\xff'\n")
        with pytest.raises(UsageError, match=f"(cannot read|invalid) {name}"):
            load_config(str(tmp_path))
        (tmp_path / name).unlink()


def test_a_pyproject_that_names_neither_is_not_ours_to_judge(tmp_path: Path) -> None:
    assert given(tmp_path, pyproject_toml="[project") == Config(
        directory=SettingsDirectory(str(tmp_path))
    )
    written = "".join(f"\\u{ord(letter):04x}" for letter in "detent")
    assert given(tmp_path, pyproject_toml=f'[tool."{written}"]\ngate = "all"').gate == "all"


LATER = [
    (f"{OWN}select = ['PR77']", "[tool.detent] select: unknown rule code 'PR77'", "PR07"),
    (f"{OWN}ignore = ['pr01']", "[tool.detent] ignore: unknown rule code 'pr01'", "'PR01'"),
    (f"{OWN}ignore = ['']", "[tool.detent] ignore: unknown rule code ''", "docs/rules.md"),
    (f"{OWN}ignore = ['XY']", "[tool.detent] ignore: unknown rule code 'XY'", "docs/rules.md"),
    (
        f"{OWN}per-file-ignores = {{x = ['PR1O']}}",
        "per-file-ignores.x: unknown rule code 'PR1O'",
        "PR10",
    ),
    (f"{OWN}severity = {{XX01 = 'error'}}", "[tool.detent] severity: unknown rule code 'XX01'", ""),
    (
        f"{OWN}[[tool.detent.override]]\nkinds = 'class'\nselect = 'PR77'",
        "1 select: unknown rule code 'PR77'",
        "PR07",
    ),
]


@pytest.mark.parametrize(("text", "place", "hint"), LATER)
def test_what_only_the_audit_can_tell(
    repo: Sandbox, cli: Cli, text: str, place: str, hint: str
) -> None:
    repo.commit(**{"pyproject.toml": text, "a.py": ""})
    answer = cli("audit")
    assert answer.status == 2
    assert place in LINE.sub("", answer.err)
    assert hint in answer.err


# ---- numpydoc's own settings


def test_numpydoc_in_pyproject(tmp_path: Path) -> None:
    text = f"{FOREIGN}checks = ['all', 'ex01']\nexclude = '\\.x$'\noverride_ss05 = ['^Do ']\n"
    audit = given(tmp_path, pyproject_toml=text).audit
    assert audit["numpydoc"] is True
    assert audit["select"] == ("GL", "SS", "ES", "PR", "RT", "YD", "SA", "EX")
    assert audit["ignore"] == ("EX01",)
    assert audit["exclude_names"] == ("\\.x$",)
    assert audit["docstring_overrides"] == {"SS05": ("^Do ",)}
    chosen = given(tmp_path, pyproject_toml=f"{FOREIGN}checks = ['PR01']").audit
    assert chosen["select"] == ("PR01",)
    assert Selection(**chosen).is_selected("DT902")


CFG = "[tool:numpydoc_validation]\nchecks = all, EX01,SA01\nexclude = \\.a$,\\.b$\n"


def test_numpydoc_in_setup_cfg(tmp_path: Path) -> None:
    audit = given(tmp_path, setup_cfg=CFG).audit
    assert audit["ignore"] == ("EX01", "SA01")
    assert audit["exclude_names"] == ("\\.a$", "\\.b$")
    assert given(tmp_path, pyproject_toml="") == Config(directory=SettingsDirectory(str(tmp_path)))


def test_numpydoc_reads_setup_cfg_only_where_there_is_no_pyproject(tmp_path: Path) -> None:
    assert given(tmp_path, setup_cfg=CFG, pyproject_toml="x = 1").audit == {}


@pytest.mark.parametrize("text", ["no section", CFG + "x = %(y)s\n", CFG + CFG])
def test_a_broken_setup_cfg(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match=r"invalid setup\.cfg"):
        given(tmp_path, setup_cfg=text)


def test_a_very_large_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="more than 1,000,000 characters"):
        given(tmp_path, detent_toml="# x\n" * 250_001)


@pytest.mark.parametrize("width", [2, 30])
def test_references_in_setup_cfg_are_bounded(tmp_path: Path, width: int) -> None:
    names = "abcdefghijkl"
    lines = [f"{name} = {f'%({after})s' * width}" for name, after in pairwise(names)]
    text = "\n".join(["[tool:numpydoc_validation]", "checks = all", *lines, "l = x"])
    with pytest.raises(UsageError, match="references of the form"):
        given(tmp_path, setup_cfg=text)


def test_a_few_references_in_setup_cfg_are_followed(tmp_path: Path) -> None:
    text = "[tool:numpydoc_validation]\nexclude = %(name)s,b\nname = a$\nchecks = all\n"
    assert given(tmp_path, setup_cfg=text).audit["exclude_names"] == ("a$", "b")


def test_our_settings_go_before_those_of_numpydoc(tmp_path: Path) -> None:
    text = f"{FOREIGN}checks = ['all', 'EX01']\n{OWN}ignore = ['PR01']\nmissing = ['class']\n"
    audit = given(tmp_path, pyproject_toml=text).audit
    assert audit["ignore"] == ("PR01",)
    assert "EX" in audit["select"]
    assert audit["numpydoc"] is False
    assert audit["missing"] == {"class"}


INLINE = '''"""Do things."""


def f():  # numpydoc ignore=GL08
    return 1


def g():
    return 1
'''


@pytest.mark.parametrize(
    ("name", "text"),
    [("pyproject.toml", f"{FOREIGN}checks = ['GL08']"), ("setup.cfg", CFG.replace("all", "GL08"))],
)
def test_inline_comments_hold_under_the_settings(
    repo: Sandbox, cli: Cli, name: str, text: str
) -> None:
    repo.commit(**{name: text, "a.py": INLINE, "b.py": INLINE})
    answer = cli("audit")
    shown = [line.split(" ")[0] for line in answer.out.splitlines()]
    assert shown[:-1] == ["a.py:8:1:", "b.py:8:1:"]
    assert answer.status == 1


def test_settings_lead_nowhere_outside_the_repository(
    repo: Sandbox, cli: Cli, tmp_path: Path
) -> None:
    (tmp_path / "outside.py").write_text("def f(): return 1\n")
    text = "exclude = ['/etc']\n[[budget.limit]]\nmetric = 'docstring.issues'\nmax = 0\n"
    text += "paths = ['/**/outside.py', '~/**']\n"
    repo.commit(**{"detent.toml": text, "a.py": "x = 1\n"})
    answer = cli("budget")
    assert answer.status == 0
    assert "0 findings (max 0)" in answer.out
    assert "outside" not in cli("symlist").out


def test_the_engine(tmp_path: Path) -> None:
    assert given(tmp_path).engine == "detent"
    config = given(tmp_path, detent_toml='engine = "numpydoc"\n')
    assert config.engine == "numpydoc"
    assert Selection(**config.audit).verbatim is False
    config = given(tmp_path, setup_cfg="[tool:numpydoc_validation]\nchecks = all\n")
    assert Selection(**config.audit).verbatim is True
    with pytest.raises(UsageError, match="unknown value 'numpydocs'"):
        given(tmp_path, detent_toml='engine = "numpydocs"\n')


def test_numpydocs_defaults_where_they_are_asked_for(tmp_path: Path) -> None:
    selection = Selection(
        **load_config(str(tmp_path), AuditOptions(default_preset="numpydoc")).audit
    )
    assert selection.numpydoc
    assert selection.exclude == ()
    assert all(
        map(selection.is_selected, ("GL08", "ES01", "SA01", "EX01", "RT02", "DT902", "DT907"))
    )
    assert not selection.is_selected("DT101")
    (tmp_path / "detent.toml").write_text('select = ["DT1"]\n')
    selection = Selection(
        **load_config(str(tmp_path), AuditOptions(default_preset="numpydoc")).audit
    )
    assert selection.is_selected("DT101")
    assert not selection.is_selected("GL08")
