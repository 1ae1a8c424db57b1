"""A repository with awkward names, and what can happen to it between two runs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable

from conftest import Sandbox

Situation = Callable[[Sandbox], object]

#: Files named as no file should be; git takes them all.
ODD = [
    *("HEAD.py", ":(top)x.py", ":!a.py", "-x.py", "--cached.py", "sp ace .py", "*.py", "[ab].py"),
    *(
        "q\"uo'te.py",
        "new\nline.py",
        "tab\t.py",
        "back\\slash.py",
        "A.py",
        "x');DROP TABLE blob;.py",
    ),
    *("caf\u00e9.py", "cafe\u0301.py", os.fsdecode(b"latin-\xe9.py"), os.fsdecode(b"\xff/\xfe.py")),
]
PLAIN = ["a.py", "b.py", "c.py", "pkg/d.py", "pkg/e.py", "pkg/sub/f.py"]
SITUATIONS: dict[str, Situation] = {}


def source(name: str, text: str = "") -> str:
    return f'"""Know {name!r}."""\n\n\ndef f(x):\n    return g(x, {text!r})\n'


def start(repo: Sandbox, *more: str) -> None:
    """Commit plain files, and those with odd names unless others are named."""
    for name in [*PLAIN, *(more or ODD)]:
        repo.write(name, source(name))
    repo.write("HEAD", "no Python\n")
    repo.path.joinpath("link.py").symlink_to("a.py")
    repo.commit("start")


def situation(function: Situation) -> Situation:
    SITUATIONS[function.__name__] = function
    return function


def simple(name: str, *commands: str) -> None:
    """Add a situation that is nothing but commands of git."""

    def run(repo: Sandbox) -> None:
        for command in commands:
            repo.git(*command.split())

    SITUATIONS[name] = run


simple("nothing")
simple("removed", "rm -q a.py pkg/d.py")
simple("removed_from_index_only", "rm -q --cached a.py")
simple("all_removed", "rm -qr .")
simple("renamed", "mv a.py z.py", "mv pkg pkg2")
simple("renamed_away_from_python", "mv a.py a.txt")
simple("made_executable", "update-index --chmod=+x a.py")
simple("orphan_branch", "checkout -q --orphan other", "rm -qrf .")
simple("orphan_branch_with_files", "checkout -q --orphan other")
simple("detached", "checkout -q --detach")
simple("split_index", "update-index --split-index", "rm -q b.py")
simple("index_version_4", "update-index --index-version 4", "mv b.py z.py")
simple("sparse_checkout", "sparse-checkout set --cone pkg")
simple("sparse_index", "sparse-checkout set --cone --sparse-index pkg", "rm -q pkg/d.py")
simple("skip_worktree", "update-index --skip-worktree a.py")
simple("index_written_anew", "read-tree --empty", "reset -q")
simple("index_emptied", "read-tree --empty")


@situation
def sparse_index_of_another_commit(repo: Sandbox) -> None:
    repo.commit("deep", **{"pkg/sub/f.py": source("f", "deep"), "pkg/sub/new.py": source("new")})
    repo.git("sparse-checkout", "set", "--cone", "--sparse-index", "elsewhere")
    repo.git("reset", "-q", "--soft", "HEAD~1")


@situation
def names_that_differ_in_case_or_form(repo: Sandbox) -> None:
    repo.git("config", "core.ignoreCase", "true")
    repo.git("config", "core.precomposeUnicode", "true")
    repo.git("mv", "-f", "c.py", "C.py")
    repo.write("A.py", source("A", "the other is a.py"))
    repo.write("cafe\u0301.py", source("NFD"))
    repo.git("add", "A.py", "cafe\u0301.py")


@situation
def edited(repo: Sandbox) -> None:
    repo.write("a.py", source("a", "edited"))


@situation
def edited_odd_names(repo: Sandbox) -> None:
    for name in ODD:
        repo.write(name, source(name, "edited"))
    (repo.path / ODD[3]).unlink()


@situation
def edited_without_a_trace(repo: Sandbox) -> None:
    path = repo.path / "a.py"
    before = path.stat()
    path.write_text(path.read_text().replace("def f", "def h"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@situation
def touched(repo: Sandbox) -> None:
    for name in PLAIN:
        os.utime(repo.path / name, (1_000_000_000, 1_000_000_000))


@situation
def staged_in_part(repo: Sandbox) -> None:
    for name in ("a.py", "new.py"):
        repo.write(name, source(name, "staged"))
        repo.git("add", name)
        repo.write(name, source(name, "staged and edited"))


@situation
def staged_and_taken_back_on_disk(repo: Sandbox) -> None:
    before = (repo.path / "a.py").read_text()
    repo.write("a.py", source("a", "staged"))
    repo.git("add", "a.py")
    repo.write("a.py", before)


@situation
def added_without_content(repo: Sandbox) -> None:
    repo.write("new.py", source("new"))
    repo.git("add", "-N", "new.py")
    repo.git("rm", "-q", "--cached", "b.py")
    repo.git("add", "-N", "b.py")


@situation
def copied(repo: Sandbox) -> None:
    shutil.copy(repo.path / "a.py", repo.path / "copy.py")
    repo.git("add", "copy.py")


@situation
def removed_on_disk(repo: Sandbox) -> None:
    (repo.path / "a.py").unlink()
    shutil.rmtree(repo.path / "pkg")


@situation
def became_a_link(repo: Sandbox) -> None:
    for name in ("a.py", "b.py"):
        (repo.path / name).unlink()
        (repo.path / name).symlink_to("c.py")
    repo.git("add", "b.py")


@situation
def link_became_a_file(repo: Sandbox) -> None:
    (repo.path / "link.py").unlink()
    repo.write("link.py", source("link"))


@situation
def parent_became_a_link(repo: Sandbox) -> None:
    (repo.path / "pkg").rename(repo.path / "moved")
    (repo.path / "pkg").symlink_to("moved")


@situation
def parent_became_a_link_to_itself(repo: Sandbox) -> None:
    (repo.path / "pkg").rename(repo.path / "moved")
    (repo.path / "pkg").symlink_to("pkg")


@situation
def became_a_pipe(repo: Sandbox) -> None:
    (repo.path / "a.py").unlink()
    os.mkfifo(repo.path / "a.py")


@situation
def became_a_directory(repo: Sandbox) -> None:
    for name in ("a.py", "b.py"):
        (repo.path / name).unlink()
        repo.write(f"{name}/x.py", source(name))
    repo.git("add", "-A", "b.py")


@situation
def became_a_submodule(repo: Sandbox) -> None:
    (repo.path / "a.py").unlink()
    inner = Sandbox(repo.path / "a.py", repo.env)
    inner.path.mkdir()
    inner.git("init", "-q")
    inner.commit("inner", **{"x.py": "x"})
    repo.git("config", "diff.ignoreSubmodules", "all")
    repo.git("-c", "advice.addEmbeddedRepo=false", "add", "a.py")
    inner.write("x.py", "y")


@situation
def committed(repo: Sandbox) -> None:
    repo.commit("more", **{"a.py": source("a", "more"), "new.py": source("new")})


@situation
def amended(repo: Sandbox) -> None:
    repo.write("a.py", source("a", "amended"))
    repo.git("commit", "-qa", "--amend", "--no-verify", "-m", "amended")


@situation
def amended_and_forgotten(repo: Sandbox) -> None:
    amended(repo)
    repo.git("reflog", "expire", "--expire=now", "--all")
    repo.git("gc", "-q", "--prune=now")


@situation
def taken_back_softly(repo: Sandbox) -> None:
    committed(repo)
    repo.git("reset", "-q", "--soft", "HEAD~1")


@situation
def stashed(repo: Sandbox) -> None:
    staged_in_part(repo)
    repo.git("stash", "-q")


@situation
def branch_switched(repo: Sandbox) -> None:
    repo.git("checkout", "-q", "-b", "other")
    repo.git("rm", "-qr", "pkg")
    repo.commit("other", **{"pkg": "a file now", "a.py": source("a", "other")})
    repo.write("c.py", source("c", "not committed"))


def _conflict(repo: Sandbox) -> None:
    repo.git("checkout", "-q", "-b", "other")
    repo.commit("other", **{"a.py": source("a", "theirs"), "theirs.py": source("theirs")})
    repo.git("checkout", "-q", "main")
    repo.commit("ours", **{"a.py": source("a", "ours"), "ours.py": source("ours")})
    repo.git("merge", "-q", "other", check=False)


@situation
def merge_resolved(repo: Sandbox) -> None:
    _conflict(repo)
    repo.write("a.py", source("a", "both"))
    repo.git("add", "a.py")


@situation
def merge_committed(repo: Sandbox) -> None:
    merge_resolved(repo)
    repo.git("commit", "-q", "--no-verify", "--no-edit")


@situation
def merge_aborted(repo: Sandbox) -> None:
    _conflict(repo)
    repo.git("merge", "--abort")


@situation
def staged_but_not_checked_out(repo: Sandbox) -> None:
    repo.write("a.py", source("a", "not checked out"))
    repo.git("add", "a.py")
    repo.git("update-index", "--skip-worktree", "a.py")
    (repo.path / "a.py").unlink()


@situation
def newlines_converted(repo: Sandbox) -> None:
    repo.write(".gitattributes", "a.py text eol=crlf\n")
    repo.write("a.py", source("a", "crlf").replace("\n", "\r\n"))
    repo.write("b.py", source("b", "crlf").replace("\n", "\r\n"))


@situation
def filtered(repo: Sandbox) -> None:
    repo.write(
        ".gitattributes", "a.py ident\nb.py filter=shout\nc.py working-tree-encoding=UTF-16\n"
    )
    repo.git("config", "filter.shout.clean", "tr a-z A-Z")
    repo.write("a.py", '"""Know $Id: 123 $."""\n')
    repo.write("b.py", source("b", "quiet"))
    repo.write("c.py", source("c", "wide").encode("utf-16"))


@situation
def replaced(repo: Sandbox) -> None:
    one, other = (repo.git("rev-parse", f"HEAD:{name}").strip() for name in ("a.py", "b.py"))
    repo.git("replace", one, other)
    (repo.path / "a.py").write_text(source("a", "so that it is read"))


@situation
def settings_in_the_way(repo: Sandbox) -> None:
    for setting in (
        *("diff.relative=true", "diff.renames=copies", "diff.external=false", "color.ui=always"),
        *(
            "core.quotePath=true",
            "core.fsmonitor=/bin/false",
            "diff.noprefix=true",
            "core.abbrev=4",
        ),
        *("diff.orderFile=HEAD", "core.untrackedCache=true", "log.showSignature=true"),
        *("diff.algorithm=patience", "core.safecrlf=true", "core.pager=false"),
    ):
        repo.git("config", *setting.split("=", 1))
    staged_in_part(repo)
