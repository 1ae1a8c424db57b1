"""`detent audit --fix` and `--diff`, in real work trees."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Cli, Sandbox

BAD = '"""do it"""\n\n\ndef f(a):\n    """get it"""\n    print(a)\n'
GOOD = '"""Do it."""\n\n\ndef f(a):\n    """Get it."""\n    print(a)\n'
STUBBED = GOOD.replace('Get it."""', 'Get it.\n\n    Parameters\n    ----------\n    a\n    """')


def text(repo: Sandbox, name: str = "a.py") -> str:
    return (repo.path / name).read_bytes().decode()


def test_what_has_one_right_answer_is_fixed(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": BAD, "sub/b.py": BAD, "c.py": '"""Do it."""\n'})
    answer = cli("audit", "--fix")
    assert answer.status == 1
    assert answer.out.splitlines()[-1] == "fixed 8 findings in 2 files; 2 left"
    assert {line.split()[1] for line in answer.out.splitlines()[:-1]} == {"PR01"}
    assert text(repo) == text(repo, "sub/b.py") == GOOD
    assert repo.git("status", "--short") == " M a.py\n M sub/b.py\n"
    again = cli("audit", "--fix")
    assert again.out.splitlines()[-1] == "fixed 0 findings in 0 files; 2 left"
    assert text(repo) == GOOD


def test_nothing_left_is_status_0(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": '"""do it"""\n'})
    answer = cli("audit", "--fix")
    assert (answer.status, answer.out) == (0, "fixed 2 findings in 1 file; 0 left\n")


def test_a_diff_changes_nothing(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": BAD, "b.py": '"""do it"""', "c.py": '"""Do it.\n"""\nx = "\x0c"\n'})
    for flags in (["--diff"], ["--diff", "--fix"]):
        answer = cli("audit", *flags)
        assert answer.status == 1
        assert text(repo) == BAD
        assert answer.err.splitlines()[-1] == "detent: would have fixed 6 findings in 2 files"
    repo.write("a.patch", answer.out)
    repo.git("apply", "a.patch")
    assert (text(repo), text(repo, "b.py")) == (GOOD, '"""Do it."""')


def test_there_is_no_diff_where_there_is_nothing_to_fix(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": GOOD})
    answer = cli("audit", "--diff")
    assert (answer.status, answer.out) == (0, "")


def test_stubs_are_made_on_request(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": BAD})
    answer = cli("audit", "--fix", "--stubs")
    assert answer.status == 1
    assert text(repo) == STUBBED
    assert {line.split()[1] for line in answer.out.splitlines()[:-1]} == {"PR04", "PR07"}


def test_only_what_is_new_is_fixed(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": BAD, "b.py": '"""do it"""\n'})
    repo.write("a.py", BAD + '\n\ndef g():\n    """set it"""\n')
    answer = cli("audit", "--fix", "--new-since", "HEAD")
    assert (answer.status, answer.out) == (0, "fixed 2 findings in 1 file; 0 left\n")
    assert text(repo) == BAD + '\n\ndef g():\n    """Set it."""\n'


def test_only_the_paths_that_are_named_are_fixed(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": BAD, "sub/b.py": BAD})
    cli("audit", "--fix", "sub")
    assert (text(repo), text(repo, "sub/b.py")) == (BAD, GOOD)


def test_settings_say_what_is_left_alone(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": BAD, "pyproject.toml": '[tool.detent]\nignore = ["SS03"]\n'})
    cli("audit", "--fix")
    assert text(repo) == GOOD.replace("it.", "it")


def test_what_is_staged_stays_as_it_is(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": GOOD})
    repo.write("a.py", BAD)
    repo.git("add", "a.py")
    repo.write("a.py", BAD + "\nprint(2)\n")
    before = repo.git("ls-files", "--stage")
    cli("audit", "--fix")
    assert repo.git("ls-files", "--stage") == before
    assert text(repo) == GOOD + "\nprint(2)\n"


@pytest.mark.parametrize("view", ["staged", "HEAD"])
@pytest.mark.parametrize("flag", ["--fix", "--diff"])
def test_no_other_view_is_fixed(repo: Sandbox, cli: Cli, view: str, flag: str) -> None:
    repo.commit(**{"a.py": BAD})
    answer = cli("audit", flag, "--at", view)
    assert answer.status == 2
    assert f"only files of the work tree can be fixed, not '{view}'" in answer.err
    assert text(repo) == BAD


def test_arguments_that_do_not_go_together(repo: Sandbox, cli: Cli) -> None:
    assert cli("audit", "--stubs").status == 2
    assert cli("audit", "--diff", "--format", "json").status == 2


def test_json_lists_what_is_left(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": BAD})
    answer = cli("audit", "--fix", "--format", "json")
    assert [one["code"] for one in json.loads(answer.out)["findings"]] == ["PR01"]
    assert "fixed 4 findings in 1 file" in answer.err


def test_line_ends_of_the_work_tree_are_kept(repo: Sandbox, cli: Cli) -> None:
    repo.git("config", "core.autocrlf", "true")
    repo.commit(**{"a.py": BAD.replace("\n", "\r\n")})
    cli("audit", "--fix")
    assert text(repo) == GOOD.replace("\n", "\r\n")
    assert repo.git("diff", "--numstat") == "2\t2\ta.py\n"


def test_a_file_that_filters_change_is_taken_as_it_is_on_disk(repo: Sandbox, cli: Cli) -> None:
    repo.write(".gitattributes", "*.py ident\nb.py working-tree-encoding=UTF-16\n")
    expanded = BAD.replace("print(a)", "print(a)  # $Id: 1234 $")
    wide = BAD.encode("utf-16")
    repo.write("b.py", wide)
    repo.commit(**{"a.py": expanded})
    answer = cli("audit", "--fix")
    assert text(repo) == expanded.replace("do it", "Do it.").replace("get it", "Get it.")
    assert (repo.path / "b.py").read_bytes() == wide
    assert "b.py: not fixed: not a text file" in answer.err


def test_a_file_that_is_not_checked_out(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": BAD})
    repo.git("update-index", "--skip-worktree", "a.py")
    (repo.path / "a.py").unlink()
    answer = cli("audit", "--fix")
    assert answer.status == 1
    assert "a.py: not fixed: it cannot be read: No such file" in answer.err
    assert not (repo.path / "a.py").exists()


def test_a_link_is_not_followed(repo: Sandbox, cli: Cli) -> None:
    repo.write("../real.py", BAD)
    (repo.path / "a.py").symlink_to("../real.py")
    repo.commit()
    assert cli("audit", "--fix").out == "fixed 0 findings in 0 files; 0 left\n"
    assert text(repo, "../real.py") == BAD


def test_a_conflict_is_no_time_to_fix(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a.py": GOOD})
    repo.git("checkout", "-q", "-b", "other")
    repo.commit(**{"a.py": BAD})
    repo.git("checkout", "-q", "main")
    repo.commit(**{"a.py": '"""another"""\n'})
    repo.git("merge", "other", check=False)
    before = text(repo)
    assert cli("audit", "--fix").status == 3
    assert text(repo) == before


def test_a_diff_cannot_steer_a_terminal(repo: Sandbox, cli: Cli) -> None:
    repo.commit(**{"a\x1b[2J.py": '"""do \x1b]0;x\x07it\n\n::error::x\n\tx"""\n'})
    answer = cli("audit", "--diff")
    assert "+++ b/a\\x1b[2J.py" in answer.out
    assert not [char for char in answer.out if char < " " and char not in "\n\t"]
    assert not [line for line in answer.out.splitlines() if line.strip().startswith("::")]
