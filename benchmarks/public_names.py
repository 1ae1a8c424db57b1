"""Compare `detent diff --public` of two revisions with what griffe finds.

    python benchmarks/public_names.py REPOSITORY OLD NEW --package numpy --griffe VENV/bin/python

The package is copied from both revisions without stubs (griffe merges them into the code), as two
commits of a new repository. Compared are the names of functions, classes and methods that are added
and removed, and the parameters that break calls. Nothing is fetched.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

#: Run by the Python that has griffe: the public names on both sides, and what breaks.
GRIFFE = """
import json, logging, sys
import griffe
logging.disable(logging.CRITICAL)

def load(directory):
    loader = griffe.GriffeLoader(search_paths=[directory], allow_inspection=False)
    found = loader.load(sys.argv[1])
    loader.resolve_aliases(implicit=True, external=False)
    return found

def walk(owner):
    for member in owner.members.values():
        if not member.is_alias and member.is_module:
            if not member.name.startswith("_") and member.name != "tests":
                yield from walk(member)
            continue
        try:
            yield from list_names(member)
        except griffe.GriffeError:
            continue

def list_names(member):
    target = member.final_target if member.is_alias else member
    if member.is_public and (target.is_function or target.is_class):
        yield member.path
        for inner in target.members.values() if target.is_class else ():
            if inner.is_public and not inner.is_alias and inner.is_function:
                yield f"{member.path}.{inner.name}"

sides = [load(directory) for directory in sys.argv[2:]]
breaks = []
for item in griffe.find_breaking_changes(*sides):
    if item.kind.name.startswith("PARAMETER"):
        try:
            path = item.obj.canonical_path
        except griffe.GriffeError:
            path = item.obj.path
        values = [item.old_value, item.new_value]
        name = next((x.name for x in values if hasattr(x, "kind")), "")
        breaks.append([path, name, item.kind.name.removeprefix("PARAMETER_")])
names = [sorted(set(walk(side))) for side in sides]
json.dump({"old": names[0], "new": names[1], "breaks": breaks}, sys.stdout)
"""
#: What griffe calls the changes that detent reports.
KINDS = {
    "removed": "REMOVED",
    "moved": "MOVED",
    "kind": "CHANGED_KIND",
    "default": "CHANGED_DEFAULT",
    "required": "CHANGED_REQUIRED",
}


def copy_package(repository: Path, revision: str, package: str, target: Path) -> None:
    """Copy a package without its stubs."""
    command = ["git", "-C", str(repository), "archive", "--format=tar", revision, package]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=BytesIO(raw)) as archive:
        wanted = [x for x in archive.getmembers() if x.name.endswith(".py")]
        archive.extractall(target, wanted, filter="data")


def run_git(directory: Path, *arguments: str) -> None:
    """Call git in a directory."""
    person = ["-c", "user.name=x", "-c", "user.email=x@example.com"]
    subprocess.run(["git", "-C", str(directory), *person, *arguments], check=True)


def ask_detent(sides: list[Path], place: Path) -> list[dict[str, Any]]:
    """Commit both sides, and list their public changes."""
    run_git(place, "init", "-q")
    for side in sides:
        tree = ["--work-tree", str(side), "--git-dir", str(place / ".git")]
        run_git(place, *tree, "add", "-A")
        run_git(place, *tree, "commit", "-q", "--allow-empty", "-m", "x")
    command = ["detent", "-C", str(place), "diff", "HEAD~1", "HEAD", "--public"]
    arguments = [*command, "--format", "json"]
    done = subprocess.run(
        [sys.executable, "-m", *arguments], check=True, capture_output=True, text=True
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)["changes"]
    return found


def name_definition(place: dict[str, Any], public: str) -> str:
    """Name a definition by its file, as griffe does."""
    module = place["path"].removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return f"{module}.{public}"


def show(title: str, ours: set[str], theirs: set[str]) -> None:
    """Show what both have, and what only one has."""
    both = len(ours & theirs)
    print(
        f"{title}: both {both}, only detent {len(ours - theirs)}, only griffe {len(theirs - ours)}"
    )
    for sign, names in (("  detent", ours - theirs), ("  griffe", theirs - ours)):
        for name in sorted(names):
            print(f"{sign} {name}")


def is_shown(name: str, package: str) -> bool:
    """Leave out tests, and modules that griffe reaches by a private path."""
    parts = name.split(".")
    return parts[0] == package and "tests" not in parts and "conftest" not in parts


def compare(arguments: argparse.Namespace, place: Path) -> None:
    """Compare both answers."""
    sides = [place / "old", place / "new"]
    for side, revision in zip(sides, (arguments.old, arguments.new), strict=True):
        copy_package(arguments.repository, revision, arguments.package, side)
    work = place / "work"
    work.mkdir()
    changes = ask_detent(sides, work)
    command = [arguments.griffe, "-c", GRIFFE, arguments.package, *map(str, sides)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    theirs = json.loads(done.stdout)
    old, new = (
        {x for x in theirs[side] if is_shown(x, arguments.package)} for side in ("old", "new")
    )
    kinds = ("function", "class", "method")
    listed = [x for x in changes if x["kind"] in kinds]
    added = {x["new"]["name"] for x in listed if x["change"] in ("added", "moved", "renamed")}
    removed = {x["old"]["name"] for x in listed if x["change"] in ("removed", "moved", "renamed")}
    modules = {
        side[key]["name"]
        for side in changes
        for key in ("old", "new")
        if side["kind"] == "module" and side["change"] != "changed" and side[key]
    }
    show("added", added, drop_members(new - old, modules))
    show("removed", removed, drop_members(old - new, modules))
    show_parameters(listed, theirs["breaks"])


def drop_members(names: set[str], modules: set[str]) -> set[str]:
    """Leave out what is in a class or module that is listed itself."""
    outer = names | modules
    parts = {name: name.split(".") for name in names}
    return {
        name
        for name in names
        if not any(".".join(parts[name][:end]) in outer for end in range(1, len(parts[name])))
    }


def show_parameters(changes: list[dict[str, Any]], theirs: list[list[str]]) -> None:
    """Compare the parameters that differ, by the last parts of the name of the function."""
    ours = set()
    for change in changes:
        for parameter in change["parameters"]:
            kind = KINDS.get(parameter["change"])
            if parameter["change"] == "required" and not parameter["old"]:
                kind = "ADDED_REQUIRED"
            if kind and (parameter["breaks"] or kind == "CHANGED_DEFAULT"):
                ours.add(f"{change['new']['name'].rpartition('.')[2]}({parameter['name']}) {kind}")
    others = {
        f"{path.rpartition('.')[2]}({name}) {kind}"
        for path, name, kind in theirs
        if "tests" not in path.split(".")
    }
    show("parameters", ours, others)


def main() -> None:
    """Read the arguments, and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repository", type=Path)
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--package", required=True)
    parser.add_argument("--griffe", required=True, help="a Python that has griffe")
    with tempfile.TemporaryDirectory() as place:
        compare(parser.parse_args(), Path(place))


if __name__ == "__main__":
    main()
