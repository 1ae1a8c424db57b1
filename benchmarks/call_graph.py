"""Compare detent's call edges with the expected ones of PyCG's micro-benchmark.

    python benchmarks/call_graph.py DIRECTORY [--show CATEGORY]

DIRECTORY is ``micro-benchmark/snippets`` of https://github.com/vitsalis/PyCG: a directory for each
category, with a directory for each program: its files, and ``callgraph.json`` with the expected
edges. Nothing is fetched, and no program is run.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import NamedTuple

from detent.core.model import BlobKey
from detent.languages.python.references import extract_references
from detent.query.relations.edges import CallTarget, EdgeFinder
from detent.query.relations.files import ViewReferences

Edges = set[tuple[str, str]]


class Score(NamedTuple):
    """Expected and found edges, of one program or several."""

    programs: int
    complete: int  # programs without a wrong edge
    sound: int  # programs without a missing edge
    expected: int
    found: int
    common: int

    def add(self, other: Score) -> Score:
        """Add two scores."""
        return Score(*(a + b for a, b in zip(self, other, strict=True)))


def read_expected(program: Path) -> Edges:
    """Read the edges that a program is expected to have."""
    graph = json.loads((program / "callgraph.json").read_text())
    return {(caller, callee) for caller, callees in graph.items() for callee in callees}


def find_edges(program: Path) -> Edges:
    """Find the edges of a program."""
    files = {file.relative_to(program).as_posix().encode(): file for file in program.rglob("*.py")}
    paths = {path: BlobKey(path.decode(), "python") for path in sorted(files)}
    facts = {key: extract_references(files[path].read_bytes()) for path, key in paths.items()}
    view = ViewReferences(paths, lambda _: facts, lambda _: set(facts))
    finder = EdgeFinder(view)
    found: Edges = set()
    for path in paths:
        file = view.get(path)
        for scope in range(len(file.scopes)) if file else ():
            for edge in finder.list_edges(path, scope):
                caller = name_target(view, CallTarget(path, scope, ""))
                found.add((caller, name_target(view, edge.target)))
    return {(caller, callee) for caller, callee in found if caller and callee}


def name_target(view: ViewReferences, target: CallTarget) -> str:
    """Name what calls or is called as PyCG does; empty for a class, which it does not list."""
    if target.path is None:
        return _name_external(target.name)
    scope = view.require(target.path).scopes[target.scope]
    if scope.kind == "class":
        return ""
    module = target.path.decode().removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return f"{module}.{scope.qualname}" if scope.qualname else module


def _name_external(name: str) -> str:
    head, _, rest = name.partition(".")
    if head != "builtins":
        return name
    first, dot, member = rest.partition(".")
    names = {"str": "<**PyStr**>", "dict": "<**PyDict**>", "list": "<**PyList**>"}
    return f"{names.get(first, first)}.{member}" if dot else f"<builtin>.{rest}"


def compare_program(program: Path) -> tuple[Score, Edges, Edges]:
    """Compare the edges of one program; give the missing and the wrong ones too."""
    expected, found = read_expected(program), find_edges(program)
    missing, wrong = expected - found, found - expected
    sizes = len(expected), len(found), len(expected & found)
    return Score(1, not wrong, not missing, *sizes), missing, wrong


def main() -> None:
    """Print the table, by category."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--show", metavar="CATEGORY", help="list missing and wrong edges")
    options = parser.parse_args()
    scores = {}
    for category in sorted(path for path in options.directory.iterdir() if path.is_dir()):
        total = Score(0, 0, 0, 0, 0, 0)
        for graph in sorted(category.rglob("callgraph.json")):
            score, missing, wrong = compare_program(graph.parent)
            total = total.add(score)
            if options.show in (category.name, "all"):
                for label, edges in (("missing", missing), ("wrong", wrong)):
                    for edge in sorted(edges):
                        print(f"{graph.parent.relative_to(options.directory)}: {label} {edge}")
        scores[category.name] = total
    print_table(scores)


def print_table(scores: dict[str, Score]) -> None:
    """Print a table in Markdown."""
    total = Score(0, 0, 0, 0, 0, 0)
    for score in scores.values():
        total = total.add(score)
    print("| category | programs | complete | sound | edges | precision | recall |")
    print("|---|---|---|---|---|---|---|")
    for name, score in {**scores, "all": total}.items():
        precision = score.common / (score.found or 1)
        recall = score.common / (score.expected or 1)
        print(
            f"| {name} | {score.programs} | {score.complete} | {score.sound} | {score.expected} "
            f"| {precision:.2f} | {recall:.2f} |"
        )


if __name__ == "__main__":
    main()
