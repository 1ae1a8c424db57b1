"""Ask `detent ctx` for functions by the first sentences of their docstrings, without these.

    python benchmarks/context.py REPOSITORY [--questions 50] [--seed 1] [--budget 2000]

Public functions are drawn; the first sentence of the docstring is the question, and the docstring
of the function is taken out of what is ranked. Counted is how often the function is in the answer;
with BM25 alone (without neighbours) in the same table.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import detent
from detent.api import context
from detent.index.snapshot import take_snapshot
from detent.index.views import View
from detent.query.ranking.words import score_texts


def main() -> None:
    """Read the arguments, and ask."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repository", type=Path)
    parser.add_argument("--questions", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--budget", type=int, default=2000)
    arguments = parser.parse_args()
    with detent.open(arguments.repository) as opened:
        files = opened._run(  # noqa: SLF001
            lambda repo: list(
                take_snapshot(opened._index, View(repo, "HEAD")).load_files(full=True)  # noqa: SLF001
            )
        )
    paths = {path for path, _ in files}
    entries = [
        entry
        for path, facts in files
        if not context.is_second_stub(path, paths)
        for entry in context.list_entries(path, facts)
    ]
    texts = [context.describe_fields(entry) for entry in entries]
    usable = [
        number
        for number, entry in enumerate(entries)
        if entry.symbol.kind == "function"
        and entry.symbol.visibility == "public"
        and b"test" not in entry.path
        and entry.path.endswith(b".py")
        and len(entry.summary.split()) >= 4
    ]
    drawn = random.Random(arguments.seed).sample(usable, arguments.questions)
    found = {"with neighbours": 0, "BM25 alone": 0}
    for number in drawn:
        entry = entries[number]
        own = [*texts]
        without = entry._replace(summary="")
        own[number] = context.describe_fields(without)
        mine = [*entries]
        mine[number] = without
        ranked = context.rank_entries(entry.summary, mine, own)
        chosen, _ = context.fill_budget(ranked, arguments.budget)
        is_found = any(x.path == entry.path and x.symbol == entry.symbol for x in chosen)
        scores = score_texts(entry.summary, own)
        order = sorted(range(len(scores)), key=lambda n: -scores[n])[:300]
        plain = [
            context.ContextSymbol(mine[n].path, mine[n].symbol, mine[n].summary, scores[n], "fits")
            for n in order
        ]
        taken, _ = context.fill_budget(plain, arguments.budget)
        found["with neighbours"] += is_found
        found["BM25 alone"] += any(x.symbol == entry.symbol and x.path == entry.path for x in taken)
        if not is_found:
            here = (entry.path, entry.symbol.line)
            places = [n for n, x in enumerate(ranked) if (x.path, x.symbol.line) == here]
            place = places[0] if places else None
            print(f"missing: {entry.symbol.qualname}: {entry.summary} (place {place})")
    for name, count in found.items():
        print(f"{name}: {count} of {len(drawn)} ({count / len(drawn):.0%})")


if __name__ == "__main__":
    main()
