"""Limits, from the settings to the exit status."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from detent.budget.metrics import METRICS

if TYPE_CHECKING:
    from conftest import Cli, Sandbox

CLEAN = '"""Do things."""\n\n\ndef f():\n    """Do nothing."""\n'
BARE = "\n\ndef {}(a):\n    return a\n"
G, H = BARE.format("g"), BARE.format("h").replace("a\n", "a * 2\n")
# The base has 1 finding in 4 symbols; the head fixes g and brings h and k.
BASE = {"src/a.py": CLEAN + G, "lib/b.py": CLEAN}
HEAD = {"src/a.py": CLEAN + H, "lib/b.py": CLEAN + BARE.format("k")}
RATCHET = "ratchet = 'never-worse'"
SRC, LIB = "\npaths = ['src/**']", "\npaths = ['lib']"
CASES = [
    ("docstring.issues.new", "max = 2", "pass", 2),
    ("docstring.issues.new", "max = 1", "exceeded", 2),
    ("docstring.issues.new", f"max = 1{SRC}", "pass", 1),
    ("docstring.issues.new", f"max = 0{LIB}", "exceeded", 1),
    ("docstring.issues.new", RATCHET, "exceeded", 2),
    ("docstring.issues.new", f"{RATCHET}\npaths = ['nothing/**']", "pass", 0),
    ("docstring.issues", "max = 2", "pass", 2),
    ("docstring.issues", "max = 1", "exceeded", 2),
    ("docstring.issues", "min = 3", "exceeded", 2),
    ("docstring.issues", "max = 2\nmin = 2", "pass", 2),
    ("docstring.issues", "max_increase = 0", "exceeded", 1),
    ("docstring.issues", f"max_increase = 0{SRC}", "pass", 0),
    ("docstring.issues", "max_increase = '100%'", "pass", 2),
    ("docstring.issues", "max_increase = '99%'", "exceeded", 2),
    ("docstring.issues", "max_ratio = 2", "pass", 2),
    ("docstring.issues", "max_ratio = 1.9", "exceeded", 2),
    ("docstring.issues", "max_ratio = 0.5\nrelative_to = 'code.symbols'", "pass", 2),
    ("docstring.issues", "max_ratio = 0.4\nrelative_to = 'code.symbols'", "exceeded", 2),
    # A fixed finding does not offset a new one.
    ("docstring.issues", RATCHET, "exceeded", 2),
    ("docstring.issues", RATCHET + SRC, "exceeded", 1),
    ("docstring.undocumented", "max = 2", "pass", 2),
    ("docstring.undocumented", "max = 1.5", "exceeded", 2),
    ("docstring.undocumented", RATCHET, "exceeded", 2),
    ("docstring.undocumented", f"{RATCHET}\npaths = ['src/b.py']", "pass", 0),
    ("docstring.coverage", "min = 66", "pass", 200 / 3),
    ("docstring.coverage", "min = 66.67", "exceeded", 200 / 3),
    ("docstring.coverage", "max = 66", "exceeded", 200 / 3),
    ("docstring.coverage", "min = 100\npaths = ['nothing']", "pass", 100),
    ("code.files", "max = 2", "pass", 2),
    ("code.files", "max_increase = 0", "pass", 0),
    ("code.lines", "max = 17", "exceeded", 18),
    ("code.lines", f"{RATCHET}{LIB}", "exceeded", 4),
    ("code.symbols", "max_increase = 1", "pass", 1),
    ("code.symbols.public", "max_increase = 0", "exceeded", 1),
    ("code.function.lines.max", "max = 2", "pass", 2),
    ("code.function.lines.mean", RATCHET, "exceeded", 1.5 - 4 / 3),
    ("code.parameters.max", "max = 0", "exceeded", 1),
    ("code.parameters.mean", "max = 0.5", "pass", 0.5),
    ("code.nesting.max", RATCHET, "pass", 0),
    ("code.complexity", "max = 4", "pass", 4),
    ("code.complexity.max", f"{RATCHET}{LIB}", "pass", 0),
    ("code.complexity.mean", "max = 0.9", "exceeded", 1),
    ("code.import_cycles", "max = 0", "pass", 0),
    ("api.breaking", "max = 0", "pass", 0),
    ("api.breaking", RATCHET, "pass", 0),
    ("index.bytes", "max = 10", "exceeded", None),
    ("index.bytes", "max = 1e9", "pass", None),
    ("index.rows.blob", "max = 4", "pass", 4),
    ("index.rows.symbol", "max = 10", "exceeded", 11),
    ("index.rows.finding", "min = 3", "pass", None),
    ("index.rows.entry", "max = 1", "exceeded", 2),
]


def limit(metric: str, bound: str) -> str:
    return f"[[budget.limit]]\nmetric = '{metric}'\n{bound}\n"


#: The metric, its limit, and what the message says of the place.
WORST = [
    ("code.complexity.max", "max = 2", "4 decisions (max 2): a.py:4 deep"),
    ("code.function.lines.max", "max = 1", "lines (max 1): a.py:4 deep"),
    ("code.symbols", "max = 0", "1 symbol (max 0): a.py:4 deep"),
    ("code.lines", "max = 2", "lines (max 2), most in a.py"),
    ("code.import_cycles", "max = 0", "1 cycle (max 0): a.py and b.py"),
    ("docstring.undocumented", "max = 0", "1 symbol (max 0): a.py:4 deep GL08"),
    ("docstring.coverage", "min = 100", "% (min 100), such as a.py:4 deep"),
    ("code.complexity.max", 'max = 2\nby = ["package"]', "4 decisions (max 2): a.py:4 deep"),
    ("code.complexity.max", "max_increase = 0", "4 decisions (limit 0, base: 0): a.py:4 deep"),
]


@pytest.mark.parametrize(("metric", "limit", "message"), WORST)
def test_a_broken_limit_names_the_place(
    repo: Sandbox, cli: Cli, metric: str, limit: str, message: str
) -> None:
    code = "def deep(x):\n    if x:\n        if x > 1:\n            return x and 2\n"
    repo.commit(**{"c.py": '"""C."""\n'})
    repo.commit(
        **{
            "pyproject.toml": f'[[tool.detent.budget.limit]]\nmetric = "{metric}"\n{limit}\n',
            "a.py": f'"""A."""\nimport b\n\n{code}',
            "b.py": '"""B."""\nimport a\n',
        }
    )
    cli("index")
    answer = cli("budget", "--at", "HEAD")
    assert answer.status == 1
    assert message in answer.out


def test_every_metric_has_a_case() -> None:
    assert {metric for metric, *_ in CASES} == set(METRICS)


@pytest.fixture
def changed(repo: Sandbox) -> Sandbox:
    repo.commit(**BASE)
    for name, text in HEAD.items():
        repo.write(name, text)
    repo.git("add", "-A")
    return repo


def test_every_limit(changed: Sandbox, cli: Cli) -> None:
    changed.write("detent.toml", "".join(limit(metric, bound) for metric, bound, *_ in CASES))
    answer = cli("budget", "--format", "json")
    assert answer.status == 1
    found = json.loads(answer.out)["budget"]
    for (metric, bound, status, value), one in zip(CASES, found, strict=True):
        assert (one["metric"], one["status"]) == (metric, status), bound
        if value is not None:
            assert one["value"] == pytest.approx(value), bound


KEPT = limit("docstring.coverage", "min = 66")
BROKEN = limit("docstring.coverage", "min = 67")
NOWHERE = limit("index.bytes", "max = 1")


@pytest.mark.parametrize(
    ("limits", "status"),
    [("", 0), (KEPT, 0), (KEPT + NOWHERE, 3), (KEPT + NOWHERE + BROKEN, 1), (NOWHERE, 3)],
)
def test_the_exit_status(changed: Sandbox, cli: Cli, limits: str, status: int) -> None:
    changed.write("detent.toml", limits)
    assert cli("budget", "--store", "memory:").status == status


def test_deleting_documented_code_is_no_regression(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": CLEAN + G, "detent.toml": limit("docstring.undocumented", RATCHET)})
    repo.write("a.py", CLEAN.partition("def")[0] + G)
    repo.git("add", "-A")
    assert cli("budget").status == 0
    assert cli("check").status == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (limit("docstring.coverge", "max = 1"), "did you mean 'docstring.coverage'?"),
        (limit("docstring.coverge", "max = 1"), "detent.toml:2 budget.limit 1 metric"),
        (limit("colour", "max = 1"), "docstring.issues.new"),
        (limit("docstring.coverage", RATCHET), "docstring.undocumented"),
        (limit("index.bytes", RATCHET), "write max"),
        (limit("index.bytes", "max = 1\npaths = ['a']"), "remove `paths`"),
    ],
)
def test_limits_that_mean_nothing(changed: Sandbox, cli: Cli, text: str, message: str) -> None:
    changed.write("detent.toml", text)
    for command in (["budget"], ["check"], ["hook", "pre-commit"]):
        answer = cli(*command)
        assert answer.status == 2
        assert message in answer.err


def test_a_rounded_number_never_looks_like_what_it_misses(repo: Sandbox, cli: Cli) -> None:
    many = '"""Do things."""\n' + "".join(
        f'\n\ndef f{n}():\n    """Do nothing."""\n' for n in range(9_999)
    )
    repo.commit(**{"a.py": many + G, "detent.toml": limit("docstring.coverage", "min = 100")})
    answer = cli("budget")
    assert answer.status == 1
    assert "99.99% (min 100)" in answer.out


def test_what_can_be_limited(repo: Sandbox, cli: Cli) -> None:
    answer = cli("budget", "metrics")
    listed = [line.split()[0] for line in answer.out.splitlines()]
    assert listed[: len(METRICS)] == list(METRICS)
    repo.commit(**{"a.py": CLEAN})
    assert "no limits are set" in cli("budget").out


def test_what_can_be_limited_as_json(cli: Cli) -> None:
    answer = json.loads(cli("budget", "metrics", "--format", "json").out)
    assert answer["schema"] == "detent.metrics/1"
    listed = {one["name"]: one for one in answer["metrics"]}
    assert set(METRICS) < set(listed)
    assert listed["docstring.issues"]["by"] == ["package", "code", "kind"]


@pytest.mark.parametrize(
    "query",
    ["select 9e999", "select -9e999", "select 'a', 9e999", "select path, 1e308 from file"],
)
def test_a_number_without_end_is_no_measurement(repo: Sandbox, cli: Cli, query: str) -> None:
    limit = f'[[tool.detent.budget.limit]]\nmetric = "sql.x"\nsql = "{query}"\nmax = 3\n'
    repo.commit(**{"a.py": '"""Do."""\n', "b.py": '"""Do."""\n', "pyproject.toml": limit})
    for command in (["check"], ["budget", "check"], ["check", "--format", "json"], ["ci"]):
        answer = cli(*command, *(["--base", "HEAD"] if command == ["ci"] else []))
        assert answer.status == 3, answer
        assert "which is too large" in answer.out
