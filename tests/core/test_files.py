from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from detent.core.files import ReplaceError, read_regular_file, replace_file

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_replaced_with_its_mode(tmp_path: Path) -> None:
    place = tmp_path / "sub/a b.py"
    place.parent.mkdir()
    place.write_bytes(b"old\r\n")
    place.chmod(0o755)
    assert read_regular_file(str(tmp_path), b"sub/a b.py") == b"old\r\n"
    replace_file(str(tmp_path), b"sub/a b.py", old=b"old\r\n", new=b"new\r\n")
    assert place.read_bytes() == b"new\r\n"
    assert place.stat().st_mode & 0o777 == 0o755
    assert [*place.parent.iterdir()] == [place]


def test_any_name_of_git(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff.py")).write_bytes(b"old")
    replace_file(str(tmp_path), b"\xff.py", old=b"old", new=b"new")
    assert read_regular_file(str(tmp_path), b"\xff.py") == b"new"


def test_what_has_changed_meanwhile_stays(tmp_path: Path) -> None:
    place = tmp_path / "a.py"
    place.write_bytes(b"other")
    with pytest.raises(ReplaceError, match="meanwhile"):
        replace_file(str(tmp_path), b"a.py", old=b"old", new=b"new")
    assert place.read_bytes() == b"other"
    assert [*tmp_path.iterdir()] == [place]


def test_what_has_gone_meanwhile_stays_away(tmp_path: Path) -> None:
    with pytest.raises(ReplaceError, match="No such file"):
        replace_file(str(tmp_path), b"a.py", old=b"old", new=b"new")
    assert not [*tmp_path.iterdir()]


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    real, top = tmp_path / "real", tmp_path / "top"
    real.mkdir()
    top.mkdir()
    (real / "a.py").write_bytes(b"old")
    (top / "b.py").symlink_to(real / "a.py")
    (top / "sub").symlink_to(real)
    for path, reason in [(b"b.py", "not a regular file"), (b"sub/a.py", "symbolic link leads")]:
        for action in (
            read_regular_file,
            lambda *args: replace_file(*args, old=b"old", new=b"new"),
        ):
            with pytest.raises(ReplaceError, match=reason):
                action(str(top), path)
    assert (real / "a.py").read_bytes() == b"old"


def test_a_root_may_be_reached_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real/a.py").write_bytes(b"old")
    (tmp_path / "top").symlink_to(tmp_path / "real")
    replace_file(str(tmp_path / "top"), b"a.py", old=b"old", new=b"new")
    assert (tmp_path / "real/a.py").read_bytes() == b"new"


def test_a_read_only_file_stays(tmp_path: Path) -> None:
    place = tmp_path / "a.py"
    place.write_bytes(b"old")
    place.chmod(0o444)
    with pytest.raises(ReplaceError, match="read-only"):
        replace_file(str(tmp_path), b"a.py", old=b"old", new=b"new")
    assert place.read_bytes() == b"old"
