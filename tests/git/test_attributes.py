from __future__ import annotations

from typing import TYPE_CHECKING

from detent import git

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Sandbox

NAMES = [b"gen.py", b"v/a.py", b"v/own.py", b"no.py", b"new\nline.py", b"\xff.py", b"-x.py"]
ATTRIBUTES = (
    b"gen.py linguist-generated\nv/** linguist-vendored=true\nv/own.py linguist-vendored=false\n"
    b'no.py -linguist-generated\n"new\\nline.py" linguist-generated\n\xff.py linguist-vendored\n'
)
FOREIGN = {b"gen.py", b"v/a.py", b"new\nline.py", b"\xff.py"}


def discovered(repo: Sandbox) -> git.Repo:
    return git.discover_repo(str(repo.path), repo.env)


def test_each_view_has_attributes_of_its_own(repo: Sandbox, tmp_path: Path) -> None:
    assert git.generated_or_vendored(discovered(repo), NAMES) == set()
    repo.commit("first", **{".gitattributes": ATTRIBUTES})
    repo.write(".gitattributes", "no.py linguist-generated\n")
    repo.git("add", "-A")
    repo.write(".gitattributes", "-x.py linguist-generated\n")
    found = discovered(repo)
    assert git.generated_or_vendored(found, NAMES) == {b"no.py"}
    assert git.generated_or_vendored(found, NAMES, disk=True) == {b"-x.py"}
    assert git.generated_or_vendored(found, NAMES, tree=git.resolve_tree(found, "HEAD")) == FOREIGN
    assert git.generated_or_vendored(found, [], disk=True) == set()
    repo.git("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    bare = git.discover_repo(str(tmp_path / "bare.git"), repo.env)
    assert git.generated_or_vendored(bare, NAMES, tree=git.resolve_tree(bare, "HEAD")) == FOREIGN


def test_what_one_user_has_set_does_not_count(repo: Sandbox, tmp_path: Path) -> None:
    repo.commit("first", **{"a.py": "a"})
    attributes = tmp_path / "attributes"
    attributes.write_text("*.py linguist-generated\n")
    repo.git("config", "core.attributesFile", str(attributes))
    assert git.generated_or_vendored(discovered(repo), [b"a.py"]) == set()
    assert git.generated_or_vendored(discovered(repo), [b"a.py"], disk=True) == set()
